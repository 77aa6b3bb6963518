//go:build cgo

package gpu

import "glyph"

var optimizer = newKernel("optimizer.comp", "w m v g lr clock", "n weights steps rate1 rate2 eps_bits decay_bits l2_bits", "KIND")

// Optimize updates w, m and v by the rule, all parameters in one dispatch.
func (b *Backend) Optimize(w, m, v, g, lr glyph.Tensor, clock glyph.Ints, weights int, o glyph.Optimizer) {
	glyph.CheckOptimize(w, m, v, g, lr, clock, weights, o)
	b.ask(operation{kind: opOptimize, t: operands{w, m, v, g, lr}, clock: clock, n: weights, rule: o})
}

func (b *Backend) putOptimize(op *operation) {
	w, m, v, g, lr := op.t[0], op.t[1], op.t[2], op.t[3], op.t[4]
	clock, weights, o := op.clock, op.n, op.rule
	l := b.start(b.program(optimizer, values{128, int(o.Kind)}))
	useM, useV := o.Moments()
	b.out(w)
	b.tensorIf(useM, m, true)
	b.tensorIf(useV, v, true)
	b.in(g)
	b.in(lr)
	b.all(clock, false)
	rate1, rate2 := o.Beta1, o.Beta2
	switch o.Kind {
	case glyph.Momentum, glyph.Nesterov:
		rate1 = o.Momentum
	case glyph.RMSProp, glyph.Adadelta:
		rate2 = o.Rho
	}
	l.uniform(w.Size())
	l.uniform(weights)
	l.uniform(lr.Size())
	l.bits(rate1)
	l.bits(rate2)
	l.bits(o.Eps)
	l.bits(o.WeightDecay)
	l.bits(o.L2)
	b.elements(w.Size())
}
