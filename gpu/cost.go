//go:build cgo

package gpu

// #include "exec.h"
import "C"

import "glyph"

// StepCost is what a repetition of a step asks of the device, as it is asked for and
// compiled, which is the same where nothing is fused. Nothing is carried out.
func (b *Backend) StepCost(step func()) (asked, compiled glyph.StepCost) {
	b.still("StepCost")
	defer b.endRecord()
	b.recordStep(step)
	cost := func(nodes []node) glyph.StepCost {
		t := b.play(nodes, <-b.free)
		c := t.cost()
		for i := range nodes {
			c.Bytes += b.bytesMoved(&nodes[i])
		}
		t.clear()
		b.free <- t
		return c
	}
	asked = cost(b.plain())
	compiled = asked
	if nodes := b.fuse(); b.fuses && len(nodes) > 0 {
		compiled = cost(nodes)
	}
	return asked, compiled
}

// cost counts the requests of a batch when it is run again and again, as exec.c makes
// them.
func (t *batch) cost() (c glyph.StepCost) {
	var bound [maxBindings]C.glyph_binding
	for range 2 { // what is bound at first is what the last repetition left
		c = glyph.StepCost{}
		for i := range t.commands {
			m := &t.commands[i]
			c.Barriers += one(m.barrier != 0)
			if m.program == nil {
				continue
			}
			c.Dispatches++
			for j := range m.bindings {
				if v := m.binding[j]; v.buffer != nil && v != bound[j] {
					bound[j] = v
					c.Bindings++
				}
			}
		}
	}
	return c
}

// bytesMoved is what the operands of a node have: what is updated in place counts twice,
// of a data set counts the batch, and scratch memory isn't counted.
func (b *Backend) bytesMoved(n *node) (sum int64) {
	if n.op.kind == opConv2DBackward && n.part == whole && !n.op.t[backDX].IsZero() && !n.op.t[backDW].IsZero() { // two kernels
		return b.bytesMoved(&node{op: n.op, part: data}) + b.bytesMoved(&node{op: n.op, part: weights})
	}
	g := n.op
	if n.gather != nil {
		g = n.gather
	}
	images, labels, order := g.set.Images, g.set.Labels, g.order
	b.accesses(n, func(a access) {
		switch {
		case images != nil && a.buf == b.memory(images):
			sum += int64(g.t[0].Size())
		case labels != nil && a.buf == b.memory(labels):
			sum += int64(g.t[0].Shape[0])
		case order != nil && a.buf == b.memory(order):
			sum += 4 * int64(g.t[0].Shape[0])
		default:
			sum += a.hi - a.lo
			if a.write && b.updatesInPlace(n, a) {
				sum += a.hi - a.lo
			}
		}
	})
	return sum
}

// updatesInPlace reports whether a node reads what it writes there.
func (b *Backend) updatesInPlace(n *node, a access) bool {
	in := func(t glyph.Tensor) bool { return !t.IsZero() && b.accessOf(t, true).meets(a) }
	if o := n.update; o != nil && (in(o.t[0]) || in(o.t[1]) || in(o.t[2])) {
		return true
	}
	for i, use := range uses[n.op.kind] {
		if use == 'u' && in(n.op.t[i]) {
			return true
		}
	}
	return false
}
