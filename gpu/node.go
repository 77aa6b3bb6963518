//go:build cgo

package gpu

import "glyph"

// node is what becomes one or few dispatches of a compiled step: an operation, a part
// of one, or several that are fused.
type node struct {
	op   *operation
	part part // of a backward pass

	// The operations that are fused with op, or nil.
	softmax *operation // of the last dense layer: its loss,
	back    *operation // and its backward pass, of which the gradient of the input is made here
	update  *operation // Optimize of the parameters whose gradients op makes
	gather  *operation // Gather of the images that op, a convolution, reads: x is not there
	advance *operation
	ending  // of what op computes, or of the gradient of the input

	at     params     // of the parameters that are updated
	pair   *operation // the dense layer before op, updated in the same dispatch,
	pairAt params     // and its parameters
}

// part is the part of a backward pass that a node does.
type part uint8

const (
	whole   part = iota
	data         // the gradient of the input
	weights      // those of the parameters
)

// params are where in an optimizer's parameters those of a layer are, and the padding
// behind each.
type params struct{ w, wEnd, b, bEnd int }

// plain is a node for each operation of the record, as it was asked for.
func (b *Backend) plain() []node {
	b.nodes = b.nodes[:0]
	for i := range b.record {
		b.nodes = append(b.nodes, node{op: &b.record[i]})
	}
	return b.nodes
}

// putNode turns a node into commands.
func (b *Backend) putNode(n *node) {
	switch {
	case n.gather != nil:
		b.putGathered(n)
	case n.softmax != nil:
		b.putDenseSoftmax(n)
	case n.pair != nil:
		b.putDenseUpdatePair(n)
	case n.update != nil && n.op.kind == opDenseBackward:
		b.putDenseUpdate(n)
	case n.update != nil:
		b.putConv2DUpdate(n)
	case n.op.kind == opConv2D:
		b.putConv2D(n.op, n.ending)
	case n.op.kind == opDense:
		b.putDense(n.op, n.ending)
	case n.op.kind == opConv2DBackward && n.part == data:
		b.conv2dData(n.op, n.ending)
	case n.op.kind == opDenseBackward && n.part == data && n.ends():
		b.putDenseData(n.op, n.ending)
	case n.op.kind == opOptimize:
		b.optimize(n.op, n.advance)
	case n.op.kind == opMovingAverage:
		b.movingAverage(n.op, n.advance)
	case n.part != whole:
		b.asked = *n.op
		for i := backDX; i <= backDB; i++ {
			if !n.takes(i) {
				b.asked.t[i] = glyph.Tensor{}
			}
		}
		b.put(&b.asked)
	default:
		b.put(n.op)
	}
}

// Operands of a backward pass.
const backDX, backDW, backDB, backDY, backY, backX, backW = 0, 1, 2, 3, 4, 5, 6

// takes reports whether the node's part of a backward pass has operand i.
func (n *node) takes(i int) bool {
	switch n.part {
	case data:
		return i != backDW && i != backDB && i != backX
	case weights:
		return i != backDX && i != backW
	}
	return true
}

// backward reports whether the operation is a backward pass that has parts.
func (o *operation) backward() bool { return o.kind == opDenseBackward || o.kind == opConv2DBackward }

// accesses calls f with every use that a node makes of memory.
func (b *Backend) accesses(n *node, f func(access)) {
	for i, use := range uses[n.op.kind] {
		t := n.op.t[i]
		switch {
		case t.IsZero() || n.op.backward() && !n.takes(i):
		case n.op.backward() && i == backY && n.op.act.Kind == glyph.None:
		case n.update != nil && (i == backDW || i == backDB): // not written
		case n.softmax != nil && i == 0: // the logits, not written
		case n.unread && i == 0: // what op computes, or dx
		case n.gather != nil && i == n.imagesIn(): // not there
		default:
			f(b.accessOf(t, use != 'r'))
		}
	}
	b.eachInts(n.op, f)
	if o := n.softmax; o != nil {
		for _, t := range o.t[:3] {
			if !t.IsZero() {
				f(b.accessOf(t, true))
			}
		}
		f(b.accessOf(o.t[4], false))
	}
	if n.back != nil && n.drop == nil {
		f(b.accessOf(n.back.t[backDX], true))
	}
	b.eachEnd(n, f)
	if n.gather != nil {
		b.eachGathered(n, f)
	}
	if n.update != nil {
		b.eachUpdated(n.update, n.at, f)
	}
	if o := n.pair; o != nil {
		for _, i := range [...]int{backDY, backY, backX} {
			f(b.accessOf(o.t[i], false))
		}
		b.eachUpdated(n.update, n.pairAt, f)
	}
	if n.advance != nil {
		b.eachAccess(n.advance, f)
	}
}

// eachUpdated calls f with what the update of a layer's parameters uses.
func (b *Backend) eachUpdated(o *operation, p params, f func(access)) {
	useM, useV := o.rule.Moments()
	for i, used := range [...]bool{true, useM, useV} {
		if used {
			f(b.rangeOf(o.t[i], p.w, p.wEnd, true))
			if p.b >= 0 {
				f(b.rangeOf(o.t[i], p.b, p.bEnd, true))
			}
		}
	}
	f(b.accessOf(o.t[4], false))
	f(b.intsOf(o.clock, false))
}

// rangeOf is the use of elements from to end of a tensor.
func (b *Backend) rangeOf(t glyph.Tensor, from, end int, write bool) access {
	return access{b.memory(t.Buf), 4 * int64(t.Off+from), 4 * int64(t.Off+end), write}
}

// intsOf is the use of integers.
func (b *Backend) intsOf(m glyph.Memory, write bool) access {
	buf := b.memory(m)
	return access{buf, 0, buf.bytes, write}
}

// meets reports whether both touch a byte.
func (a access) meets(o access) bool { return a.buf == o.buf && a.lo < o.hi && o.lo < a.hi }

// cut takes o's range out of a, unless that would leave two pieces.
func (a *access) cut(o access) {
	if o.lo <= a.lo && o.hi > a.lo {
		a.lo = o.hi
	}
	if o.hi >= a.hi && o.lo < a.hi {
		a.hi = o.lo
	}
}
