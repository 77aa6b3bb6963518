//go:build cgo

package gpu

import "glyph"

// fuseSoftmax finds the last dense layer with its loss, and dx of its backward pass:
// where the layer shares out its sums as the fused kernel does, the loss and the hits lie
// in the pool, and the logits are read by nobody else.
func (b *Backend) fuseSoftmax() (found bool) {
	for i := 0; i+1 < len(b.nodes); i++ {
		o, s := b.nodes[i].op, b.nodes[i+1].op
		if o.kind != opDense || s.kind != opSoftmaxCrossEntropy || o.act.Kind != glyph.None || s.t[3] != o.t[0] {
			continue
		}
		n, in, out := o.t[1].Shape[0], o.t[1].Shape[1], o.t[2].Shape[0]
		if out > headClasses || !b.skinny(n, out, in) || !b.lossFits(s) {
			continue
		}
		head, used := node{op: o, softmax: s}, 2
		rest := node{}
		if i+2 < len(b.nodes) {
			if back := b.nodes[i+2].op; isBack(back, o, s) {
				head.back = back
				if used = 3; !back.t[backDW].IsZero() || !back.t[backDB].IsZero() {
					rest = node{op: back, part: weights}
				}
			}
		}
		if b.clash(&head) || !b.dead(o.t[0], i, i+1) {
			continue
		}
		b.nodes[i], b.nodes[i+1] = head, node{}
		if used == 3 {
			b.nodes[i+2] = rest
		}
		b.drop()
		found = true
		b.fuseDropout(i)
	}
	return found
}

// lossFits reports whether the results of a loss lie where the fused kernel finds them.
func (b *Backend) lossFits(s *operation) bool {
	for _, t := range s.t[:2] {
		if !t.IsZero() && !b.inPool(t.Buf) {
			return false
		}
	}
	return b.pool.c != nil
}

// isBack reports whether an operation is the backward pass of a dense layer o from
// the gradient that loss s makes, with a gradient of the input.
func isBack(back, o, s *operation) bool {
	return back.kind == opDenseBackward && back.act.Kind == glyph.None && !back.t[backDX].IsZero() &&
		!s.t[2].IsZero() && back.t[backDY] == s.t[2] && back.t[backW] == o.t[2] && back.t[backDX].Shape == o.t[1].Shape
}

// fuseDropout has the last layer's kernel, node i, drop what the dropout before the
// layer drops of its gradient, which nobody else reads.
func (b *Backend) fuseDropout(i int) {
	head := b.nodes[i]
	if head.back == nil {
		return
	}
	dx := head.back.t[backDX]
	for j := i + 1; j <= i+2 && j < len(b.nodes); j++ {
		o := b.nodes[j].op
		if o.kind != opDropout || o.t[1] != dx || !b.inPool(o.clock) || vec(dx.Shape[1], o.t[0]) == 0 || !b.dead(dx, i, j) {
			continue
		}
		head.drop = o
		if move := (node{op: o}); !b.conflicts(&move, i+1, j) && !b.clash(&head) {
			b.nodes[i], b.nodes[j] = head, node{}
			b.drop()
		}
		return
	}
}
