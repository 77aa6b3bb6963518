//go:build cgo

package gpu

import "glyph"

var (
	avgPool2D         = newKernel("avgpool2d.comp", "y x", poolUniforms, "SIZE STRIDE VEC_C")
	avgPool2DBackward = newKernel("avgpool2d_backward.comp", "dx dy", poolUniforms, "SIZE STRIDE VEC_C")
)

// AvgPool2D computes the mean of each window.
func (b *Backend) AvgPool2D(y, x glyph.Tensor, p glyph.Pool) {
	glyph.CheckAvgPool2D(y, x, p)
	b.ask(operation{kind: opAvgPool2D, t: operands{y, x}, pool: p})
}

func (b *Backend) putAvgPool2D(o *operation) {
	y, x := o.t[0], o.t[1]
	p := o.pool
	l := b.start(b.program(avgPool2D, values{128, p.Size, p.Stride, vec(x.Shape[3], y, x)}))
	b.out(y)
	b.in(x)
	b.poolShapes(l, y, x)
	b.elements(y.Size() / y.Shape[3] * ceil(y.Shape[3], 4))
}

// AvgPool2DBackward has each element of dx gather dy from the windows that cover it.
func (b *Backend) AvgPool2DBackward(dx, dy glyph.Tensor, p glyph.Pool) {
	glyph.CheckAvgPool2DBackward(dx, dy, p)
	b.ask(operation{kind: opAvgPool2DBackward, t: operands{dx, dy}, pool: p})
}

func (b *Backend) putAvgPool2DBackward(o *operation) {
	dx, dy := o.t[0], o.t[1]
	p := o.pool
	l := b.start(b.program(avgPool2DBackward, values{128, p.Size, p.Stride, vec(dx.Shape[3], dx, dy)}))
	b.out(dx)
	b.in(dy)
	b.poolShapes(l, dy, dx)
	b.elements(dx.Size() / dx.Shape[3] * ceil(dx.Shape[3], 4))
}
