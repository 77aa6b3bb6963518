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
	b.ask(operation{kind: opAdd, t: operands{y, a, c}, act: act})
}

func (b *Backend) putAdd(o *operation) {
	y, a, c := o.t[0], o.t[1], o.t[2]
	act := o.act
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
	b.ask(operation{kind: opAddBackward, t: operands{dx, dy, y}, act: act})
}

func (b *Backend) putAddBackward(o *operation) {
	dx, dy, y := o.t[0], o.t[1], o.t[2]
	act := o.act
	n := dx.Size()
	l := b.start(b.program(addBackward, values{128, vec(n, dx, dy, y), int(act.Kind)}))
	b.out(dx)
	b.in(dy)
	b.inIf(act.Kind != glyph.None, y)
	l.bits(act.Slope)
	l.uniform(n)
	b.elements(ceil(n, 4))
}
