//go:build cgo

package gpu

import "glyph"

var (
	maxPool2D         = newKernel("maxpool2d.comp", "y x", poolUniforms, "SIZE STRIDE VEC_C")
	maxPool2DBackward = newKernel("maxpool2d_backward.comp", "dx dy y x", poolUniforms, "SIZE STRIDE VEC_C")
)

// MaxPool2D computes the greatest of each window.
func (b *Backend) MaxPool2D(y, x glyph.Tensor, p glyph.Pool) {
	glyph.CheckMaxPool2D(y, x, p)
	b.ask(operation{kind: opMaxPool2D, t: operands{y, x}, pool: p})
}

func (b *Backend) putMaxPool2D(o *operation) {
	y, x := o.t[0], o.t[1]
	p := o.pool
	l := b.start(b.program(maxPool2D, values{128, p.Size, p.Stride, vec(x.Shape[3], y, x)}))
	b.out(y)
	b.in(x)
	b.poolShapes(l, y, x)
	b.elements(y.Size() / y.Shape[3] * ceil(y.Shape[3], 4))
}

// MaxPool2DBackward has each element of x gather dy from the windows that took
// it.
func (b *Backend) MaxPool2DBackward(dx, dy, y, x glyph.Tensor, p glyph.Pool) {
	glyph.CheckMaxPool2DBackward(dx, dy, y, x, p)
	b.ask(operation{kind: opMaxPool2DBackward, t: operands{dx, dy, y, x}, pool: p})
}

func (b *Backend) putMaxPool2DBackward(o *operation) {
	dx, dy, y, x := o.t[0], o.t[1], o.t[2], o.t[3]
	p := o.pool
	l := b.start(b.program(maxPool2DBackward, values{128, p.Size, p.Stride, vec(x.Shape[3], dx, dy, y, x)}))
	b.out(dx)
	b.in(dy)
	b.in(y)
	b.in(x)
	b.poolShapes(l, y, x)
	b.elements(x.Size() / x.Shape[3] * ceil(x.Shape[3], 4))
}

const poolUniforms = "N H W C P Q"

func (b *Backend) poolShapes(l *launch, y, x glyph.Tensor) {
	for _, d := range [...]int{x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], y.Shape[1], y.Shape[2]} {
		l.uniform(d)
	}
}
