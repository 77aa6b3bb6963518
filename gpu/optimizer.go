//go:build cgo

package gpu

import "glyph"

var optimizer = newKernel("optimizer.comp", "w m v g lr clock small", "n steps "+ruleUniforms+lastUniforms, "KIND ADVANCE")

// Optimize updates w, m and v by the rule, all parameters in one dispatch.
func (b *Backend) Optimize(w, m, v, g, lr glyph.Tensor, clock glyph.Ints, weights int, o glyph.Optimizer) {
	glyph.CheckOptimize(w, m, v, g, lr, clock, weights, o)
	b.ask(operation{kind: opOptimize, t: operands{w, m, v, g, lr}, clock: clock, n: weights, rule: o})
}

func (b *Backend) putOptimize(o *operation) { b.optimize(o, nil) }

// optimize queues an update, and at its end an Advance if one is given.
func (b *Backend) optimize(o, advance *operation) {
	w, lr := o.t[0], o.t[4]
	l := b.start(b.program(optimizer, values{128, int(o.rule.Kind), one(advance != nil)}))
	useM, useV := o.rule.Moments()
	b.out(w)
	b.tensorIf(useM, o.t[1], true)
	b.tensorIf(useV, o.t[2], true)
	b.in(o.t[3])
	b.in(lr)
	b.all(o.clock, false)
	b.smallIf(advance != nil)
	l.uniform(w.Size())
	l.uniform(lr.Size())
	l.rule(o)
	b.last(advance, ceil(w.Size(), l.program.threads))
	b.elements(w.Size())
}

// ruleUniforms are those of shaders/optimizer.glsl.
const ruleUniforms = "weights rate1 rate2 eps_bits decay_bits l2_bits"

// rule gives the uniforms of an update rule.
func (l *launch) rule(op *operation) {
	o := op.rule
	rate1, rate2 := o.Beta1, o.Beta2
	switch o.Kind {
	case glyph.Momentum, glyph.Nesterov:
		rate1 = o.Momentum
	case glyph.RMSProp, glyph.Adadelta:
		rate2 = o.Rho
	}
	l.uniform(op.n)
	l.bits(rate1)
	l.bits(rate2)
	l.bits(o.Eps)
	l.bits(o.WeightDecay)
	l.bits(o.L2)
}

// storeUniforms are those of shaders/optimizer_store.glsl, and storeOperands its operands.
const (
	storeUniforms = " " + ruleUniforms + " lr_at steps clock_at" + lastUniforms
	storeOperands = " w m v small"
)

// updating gives a kernel that makes gradients the operands of the update.
func (b *Backend) updating(n *node) {
	useM, useV := n.update.rule.Moments()
	for i, used := range [...]bool{true, useM, useV} {
		if !used {
			b.in(glyph.Tensor{})
			continue
		}
		b.bound(n.update.t[i])
	}
	b.small()
	b.eachUpdated(n.update, n.at, b.use)
	if n.pair != nil {
		b.eachUpdated(n.update, n.pairAt, b.use)
	}
}

// updatingBy gives it the uniforms.
func (b *Backend) updatingBy(n *node, groups int) {
	l := &b.launch
	l.rule(n.update)
	b.place(n.update.t[4], false)
	l.uniform(n.update.t[4].Size())
	b.placeInts(n.update.clock, false)
	b.last(n.advance, groups)
}

// params gives a kernel where a layer's parameters are.
func (l *launch) params(p params) {
	for _, v := range [...]int{p.w, p.wEnd, p.b, p.bEnd} {
		l.uniform(v)
	}
}

// vecUpdate is 1 where the updated parameters can be read in vec4s.
func vecUpdate(n *node, in int, p params) int {
	for _, v := range [...]int{p.w, p.wEnd, max(p.b, 0), p.bEnd} {
		if v%4 != 0 {
			return 0
		}
	}
	useM, useV := n.update.rule.Moments()
	v := vec(in, n.update.t[0])
	if useM {
		v *= vec(in, n.update.t[1])
	}
	if useV {
		v *= vec(in, n.update.t[2])
	}
	return v
}
