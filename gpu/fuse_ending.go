//go:build cgo

package gpu

import "glyph"

// fuseGradients has the kernels that make the gradient of a layer's input do the
// dropout and the max pooling that the backward pass goes through next, where nothing
// else reads what is between.
func (b *Backend) fuseGradients() (found bool) {
	b.splitConvolutions()
	for i := 0; i < len(b.nodes); i++ { // fewer as they are fused
		n := b.nodes[i]
		if o := n.op; !o.backward() || n.part == weights || o.t[backDX].IsZero() ||
			n.part == whole && (!o.t[backDW].IsZero() || !o.t[backDB].IsZero()) {
			continue
		}
		n.part, n.unread = data, true
		dx := n.op.t[backDX]
		if j := b.follower(i, dx, opDropout); j > 0 && b.dropsIn(&n, dx, b.nodes[j].op) && b.dead(dx, i, j) {
			if n.drop = b.nodes[j].op; b.absorb(i, j, n) {
				found, dx = true, n.dropped()
			} else {
				n.drop = nil
			}
		}
		if j := b.follower(i, dx, opMaxPool2DBackward); j > 0 && unpoolsIn(&n, b.nodes[j].op) && b.dead(dx, i, j) {
			n.pool = b.nodes[j].op
			found = b.absorb(i, j, n) || found
		}
	}
	return found
}

// splitConvolutions makes two nodes of every backward pass of a convolution that is two
// kernels.
func (b *Backend) splitConvolutions() {
	for i := 0; i < len(b.nodes); i++ {
		n := b.nodes[i]
		if n.op.kind == opConv2DBackward && n.part == whole && !n.op.t[backDX].IsZero() && !(n.op.t[backDW].IsZero() && n.op.t[backDB].IsZero()) {
			b.nodes[i].part = weights
			n.part = data
			b.nodes = append(b.nodes, node{})
			copy(b.nodes[i+2:], b.nodes[i+1:])
			i++
			b.nodes[i] = n
		}
	}
}

// fuseResults has the kernels of layers do the max pooling and the dropout that come next.
func (b *Backend) fuseResults() (found bool) {
	for i := 0; i < len(b.nodes); i++ { // fewer as they are fused
		n := b.nodes[i]
		if n.op.kind != opConv2D && n.op.kind != opDense || n.softmax != nil {
			continue
		}
		y := n.op.t[0]
		if j := b.follower(i, y, opMaxPool2D); j > 0 && n.op.kind == opConv2D && canPool(b.nodes[j].op.pool) && b.nodes[j].op.t[1].Shape == y.Shape {
			if n.pool, n.unread = b.nodes[j].op, b.dead(y, i, j); b.absorb(i, j, n) {
				found, y = true, n.pooled()
			} else {
				n.pool, n.unread = nil, false
			}
		}
		if j := b.follower(i, y, opDropout); j > 0 && b.dropsIn(&n, y, b.nodes[j].op) {
			unread := b.dead(y, i, j)
			n.drop, n.unread, n.poolUnread = b.nodes[j].op, n.unread || unread && n.pool == nil, unread && n.pool != nil
			found = b.absorb(i, j, n) || found
		}
	}
	return found
}

// follower is the first node after i that does an operation of that kind with t, or 0.
// absorb sees whether t is still there then.
func (b *Backend) follower(i int, t glyph.Tensor, kind opKind) int {
	for j := i + 1; j < len(b.nodes); j++ {
		if o := b.nodes[j].op; o.kind == kind && o.t[1].Buf == t.Buf && o.t[1].Off == t.Off && o.t[1].Size() == t.Size() {
			return j
		}
	}
	return 0
}

// absorb replaces node i by n, which does what node j does, too, or reports that it can't.
func (b *Backend) absorb(i, j int, n node) bool {
	if move := b.nodes[j]; b.conflicts(&move, i+1, j) || b.clash(&n) {
		return false
	}
	b.nodes[i], b.nodes[j] = n, node{}
	b.drop()
	return true
}

// dropsIn reports whether a layer's kernel can do the dropout of what it makes, t: it has
// blocks of four there that masks are drawn for.
func (b *Backend) dropsIn(n *node, t glyph.Tensor, drop *operation) bool {
	o := n.op
	switch o.kind {
	case opDense:
		batch, in, out := o.t[1].Shape[0], o.t[1].Shape[1], o.t[2].Shape[0]
		return b.skinny(batch, out, in) || vec(out, o.t[0], o.t[3], drop.t[0]) == 1
	case opConv2D:
		return vec(o.t[0].Shape[3], o.t[0], o.t[3], t, drop.t[0]) == 1
	case opDenseBackward:
		return vec(o.t[backX].Shape[1], o.t[backW], t, drop.t[0]) == 1
	}
	return vec(o.t[backX].Shape[3], o.t[backW], t, drop.t[0]) == 1
}

// unpoolsIn reports whether the kernel of a gradient can do a MaxPool2DBackward of it.
func unpoolsIn(n *node, o *operation) bool {
	if n.op.kind == opConv2DBackward {
		return canPool(o.pool) && o.t[1].Shape == n.op.t[backX].Shape &&
			(n.drop == nil || vec(o.t[1].Shape[3], n.op.t[backW], o.t[0], o.t[poolBackX]) == 1)
	}
	// A row of a dense layer is an image, of which four elements are of one pixel.
	return canPool(o.pool) && o.t[1].Shape[0] == n.op.t[backX].Shape[0] && vec(o.t[1].Shape[3], n.op.t[backW], o.t[0], o.t[poolBackX]) == 1
}
