//go:build cgo

package gpu

import (
	"cmp"
	"slices"

	"glyph"
)

// fuseUpdates has the kernels that make gradients update the parameters, if that can be
// done for all of an Optimize: then it is dropped, and the gradients are not written.
// Each gradient is
//   - made by a dense layer or a convolution, whole, and touched by nothing else,
//   - of parameters that nothing reads or writes from there on to the Optimize.
//
// Between them may be padding that was never written: its gradient is 0.
//
// And it is done if it doesn't take more dispatches: a dense layer's gradients are one
// where they are only made.
func (b *Backend) fuseUpdates() bool {
	o := -1
	for i := range b.nodes {
		if b.nodes[i].op.kind == opOptimize {
			if o >= 0 {
				return false // two of them
			}
			o = i
		}
	}
	if o < 0 || !b.placeParams(b.nodes[o].op) || !b.inPool(b.nodes[o].op.t[4].Buf, b.nodes[o].op.clock) {
		return false
	}
	b.saved = append(b.saved[:0], b.nodes...)
	if b.splitUpdates(o) {
		b.pairUpdates()
		if dispatches(b.nodes) <= dispatches(b.saved) {
			return true
		}
	}
	b.nodes = append(b.nodes[:0], b.saved...)
	return false
}

// param is a range of an optimizer's parameters.
type param struct {
	at, end int // end is with the padding behind it
	op      *operation
	operand int
}

// placeParams finds the gradients that make up those of an Optimize, in their order, or
// reports that they don't.
func (b *Backend) placeParams(o *operation) bool {
	g := o.t[3]
	b.params = b.params[:0]
	for i := range b.nodes {
		if op := b.nodes[i].op; op.backward() {
			for j := backDW; j <= backDB; j++ {
				if t := op.t[j]; !t.IsZero() && t.Buf == g.Buf {
					b.params = append(b.params, param{at: t.Off - g.Off, end: t.Off - g.Off + t.Size(), op: op, operand: j})
				}
			}
		}
	}
	slices.SortFunc(b.params, func(p, q param) int { return cmp.Compare(p.at, q.at) })
	next := g.Size()
	for i := len(b.params) - 1; i >= 0; i-- {
		p := &b.params[i]
		gap := next - p.end
		if gap < 0 || gap >= glyph.Align || gap > 0 && b.written(b.rangeOf(g, p.end, next, false)) {
			return false
		}
		p.end, next = next, p.at
	}
	return next == 0 && len(b.params) > 0
}

// written reports whether anything but zeros was ever written there, or the record writes
// there.
func (b *Backend) written(span access) bool {
	found := span.buf.wrote(span)
	for i := range b.nodes {
		b.accesses(&b.nodes[i], func(a access) { found = found || a.write && a.meets(span) })
	}
	return found
}

// paramsOf is where the parameters of a backward pass are.
func (b *Backend) paramsOf(op *operation) params {
	p := params{w: -1, b: -1}
	for _, q := range b.params {
		if q.op == op && q.operand == backDW {
			p.w, p.wEnd = q.at, q.end
		} else if q.op == op {
			p.b, p.bEnd = q.at, q.end
		}
	}
	return p
}

// splitUpdates drops the Optimize at node o and has every gradient before it update,
// or reports that it must not.
func (b *Backend) splitUpdates(o int) bool {
	optimize := b.saved[o].op
	b.nodes = b.nodes[:0]
	end := 0 // of the nodes that come before it
	for i, n := range b.saved {
		if i == o {
			end = len(b.nodes)
			continue
		}
		at := b.paramsOf(n.op)
		if n.op.backward() && n.part != data && (at.w >= 0 || at.b >= 0) {
			if i > o || at.w < 0 || (at.b >= 0) == n.op.t[backDB].IsZero() {
				return false
			}
			if n.part == whole && !n.op.t[backDX].IsZero() {
				b.nodes = append(b.nodes, node{op: n.op, part: data})
			}
			n.part, n.update, n.at = weights, optimize, at
		}
		b.nodes = append(b.nodes, n)
	}
	for i := range b.nodes {
		if n := &b.nodes[i]; n.update != nil && (b.clash(n) || b.touches(n, i+1, end) || b.gradientsTouched(i)) {
			return false
		}
	}
	return true
}

// touches reports whether a node from to end touches what node n updates, or writes
// what it reads for that.
func (b *Backend) touches(n *node, from, end int) bool {
	found := false
	check := func(u access) {
		for i := from; i < end && !found; i++ {
			m := &b.nodes[i]
			b.accesses(m, func(a access) { found = found || (a.write || u.write) && a.meets(u) })
		}
	}
	b.eachUpdated(n.update, n.at, check)
	return found
}

// gradientsTouched reports whether another node touches the gradients of node at.
func (b *Backend) gradientsTouched(at int) bool {
	found := false
	for _, t := range b.nodes[at].op.t[backDW : backDB+1] {
		if t.IsZero() {
			continue
		}
		span := b.accessOf(t, true)
		for i := range b.nodes {
			if i != at {
				b.accesses(&b.nodes[i], func(a access) { found = found || a.meets(span) })
			}
		}
	}
	return found
}

// pairUpdates has two dense layers updated in one dispatch where the first to be made
// can wait for the other.
func (b *Backend) pairUpdates() {
	for i := 0; i < len(b.nodes); i++ {
		first := &b.nodes[i]
		if first.update == nil || first.op.kind != opDenseBackward {
			continue
		}
		for j := i + 1; j < len(b.nodes); j++ {
			second := &b.nodes[j]
			if second.update == nil {
				continue
			}
			if !b.pairs(first.op, second.op) {
				break
			}
			n := *first
			n.pair, n.pairAt = second.op, second.at
			waits := *first
			if b.conflicts(&waits, i+1, j) || b.clash(&n) {
				break
			}
			b.nodes[j] = n
			b.nodes[i] = node{op: nil}
			break
		}
		b.drop()
	}
}
