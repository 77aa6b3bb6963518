//go:build cgo

package gpu

import "glyph"

var optimizer = newKernel("optimizer.comp", "KIND")

// Optimize updates w, m and v by the rule, all parameters in one dispatch.
func (b *Backend) Optimize(w, m, v, g, lr glyph.Tensor, clock glyph.Ints, weights int, o glyph.Optimizer) {
	glyph.CheckOptimize(w, m, v, g, lr, clock, weights, o)
	l := b.start(b.program(optimizer, values{128, int(o.Kind)}))
	useM, useV := o.Moments()
	b.out(0, w)
	if useM {
		b.out(1, m)
	}
	if useV {
		b.out(2, v)
	}
	b.in(3, g)
	b.in(4, lr)
	b.all(5, clock, false)
	rate1, rate2 := o.Beta1, o.Beta2
	switch o.Kind {
	case glyph.Momentum, glyph.Nesterov:
		rate1 = o.Momentum
	case glyph.RMSProp, glyph.Adadelta:
		rate2 = o.Rho
	}
	l.uniform(9, w.Size())
	l.uniform(10, weights)
	l.uniform(11, lr.Size())
	l.bits(12, rate1)
	l.bits(13, rate2)
	l.bits(14, o.Eps)
	l.bits(15, o.WeightDecay)
	l.bits(16, o.L2)
	b.elements(w.Size())
}
