//go:build cgo

package gpu

import "glyph"

// ending is what a kernel makes of its results before it stores them: pooling and then
// dropout of what a layer computes, or dropout and then MaxPool2DBackward of the gradient of
// its input. Only windows that canPool accepts are pooled.
type ending struct {
	pool, drop         *operation // or nil
	unread, poolUnread bool       // the results, and those of pooling, are not stored: nobody reads them
}

// ends reports whether there is anything to do.
func (e ending) ends() bool { return e.pool != nil || e.drop != nil }

// canPool reports whether windows are those that kernels pool.
func canPool(p glyph.Pool) bool { return p.Size == 2 && p.Stride == 2 }

// pooled is what pooling makes.
func (e ending) pooled() (t glyph.Tensor) {
	if e.pool != nil {
		t = e.pool.t[0]
	}
	return t
}

// dropped is what dropout makes.
func (e ending) dropped() (t glyph.Tensor) {
	if e.drop != nil {
		t = e.drop.t[0]
	}
	return t
}

// gradient is where a gradient dx goes in the end.
func (e ending) gradient(dx glyph.Tensor) glyph.Tensor {
	if e.pool != nil {
		return e.pooled()
	} else if e.drop != nil {
		return e.dropped()
	}
	return dx
}

// poolX is what was pooled, for MaxPool2DBackward.
func (e ending) poolX() (t glyph.Tensor) {
	if e.pool != nil {
		t = e.pool.t[poolBackX]
	}
	return t
}

// poolBackX is the operand x of MaxPool2DBackward.
const poolBackX = 3

func (e ending) mask() (m glyph.Mask) {
	if e.drop != nil {
		m = e.drop.mask
	}
	return m
}

// clockOf binds the clock of a dropout, or nothing.
func (b *Backend) clockOf(drop *operation) {
	if drop == nil {
		b.in(glyph.Tensor{})
		return
	}
	b.all(drop.clock, false)
}

// unpool sets the uniforms of shaders/gradient_store.glsl.
func (l *launch) unpool(e ending) {
	x := e.poolX()
	l.uniform(x.Shape[1])
	l.uniform(x.Shape[2])
}

// eachEnd calls f with every use that a node's ending makes of memory.
func (b *Backend) eachEnd(n *node, f func(access)) {
	if n.drop != nil {
		f(b.intsOf(n.drop.clock, false))
	}
	back := n.op.backward()
	if n.drop != nil && !(back && n.pool != nil) {
		f(b.accessOf(n.drop.t[0], true))
	}
	if n.pool != nil && (back || !n.poolUnread) {
		f(b.accessOf(n.pool.t[0], true))
	}
	if n.pool != nil && back {
		f(b.accessOf(n.poolX(), false))
	}
}
