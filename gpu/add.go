//go:build cgo

package gpu

import "glyph"

var (
	addKernel   = newKernel("add.comp", "y a b", "slope_bits n", "VEC ACT")
	addBackward = newKernel("add_backward.comp", "dx dy y", "slope_bits n", "VEC ACT")
)

// Add computes y = act(a + b).
func (b *Backend) Add(y, a, c glyph.Tensor, act glyph.Activation) {
	glyph.CheckAdd(y, a, c, act)
	n := y.Size()
	l := b.start(b.program(addKernel, values{128, vec(n, y, a, c), int(act.Kind)}))
	b.out(y)
	b.in(a)
	b.in(c)
	l.bits(act.Slope)
	l.uniform(n)
	b.elements(ceil(n, 4))
}

// AddBackward computes dx = dy ⊙ act'(y).
func (b *Backend) AddBackward(dx, dy, y glyph.Tensor, act glyph.Activation) {
	glyph.CheckAddBackward(dx, dy, y, act)
	n := dx.Size()
	l := b.start(b.program(addBackward, values{128, vec(n, dx, dy, y), int(act.Kind)}))
	b.out(dx)
	b.in(dy)
	b.inIf(act.Kind != glyph.None, y)
	l.bits(act.Slope)
	l.uniform(n)
	b.elements(ceil(n, 4))
}
