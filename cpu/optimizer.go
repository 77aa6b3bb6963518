package cpu

import (
	"math"

	"glyph"
	"glyph/cpu/internal/kernels"
)

type optimizeTask[T Float] struct {
	kernels    *kernels.Kernels[T]
	w, m, v, g []T
	weights    int
	rule       glyph.Optimizer
	lr         T
	// Adam's 1/(1-β₁ᵗ) and 1/(1-β₂ᵗ).
	correctM, correctV T
}

const parametersPerPart = 4096

func (t *optimizeTask[T]) part(_, i int) {
	lo, hi := span(i, parametersPerPart, len(t.w))
	if edge := min(max(t.weights, lo), hi); edge > lo {
		t.update(lo, edge, T(t.rule.L2), T(t.rule.WeightDecay))
		lo = edge
	}
	if lo < hi {
		t.update(lo, hi, 0, 0)
	}
}

// update applies the rule to parameters lo to hi.
func (t *optimizeTask[T]) update(lo, hi int, l2, decay T) {
	w, g := t.w[lo:hi], t.g[lo:hi]
	var m, v []T
	if t.m != nil {
		m = t.m[lo:hi]
	}
	if t.v != nil {
		v = t.v[lo:hi]
	}
	if t.kernels != nil {
		t.fast(w, m, v, g, l2, decay)
		return
	}
	lr, eps := t.lr, T(t.rule.Eps)
	mu, rho := T(t.rule.Momentum), T(t.rule.Rho)
	beta1, beta2 := T(t.rule.Beta1), T(t.rule.Beta2)
	for i := range w {
		g := g[i] + l2*w[i]
		switch t.rule.Kind {
		case glyph.SGD:
			w[i] -= lr * g
		case glyph.Momentum:
			m[i] = mu*m[i] + g
			w[i] -= lr * m[i]
		case glyph.Nesterov:
			m[i] = mu*m[i] + g
			w[i] -= lr * (g + mu*m[i])
		case glyph.RMSProp:
			v[i] = rho*v[i] + (1-rho)*g*g
			w[i] -= lr * g / (sqrt(v[i]) + eps)
		case glyph.Adam, glyph.AdamW:
			if t.rule.Kind == glyph.AdamW {
				w[i] -= lr * decay * w[i]
			}
			m[i] = beta1*m[i] + (1-beta1)*g
			v[i] = beta2*v[i] + (1-beta2)*g*g
			w[i] -= lr * (m[i] * t.correctM) / (sqrt(v[i]*t.correctV) + eps)
		case glyph.Adadelta:
			v[i] = rho*v[i] + (1-rho)*g*g
			delta := sqrt(m[i]+eps) / sqrt(v[i]+eps) * g
			m[i] = rho*m[i] + (1-rho)*delta*delta
			w[i] -= lr * delta
		}
	}
}

// fast applies the rule on the vector kernels.
func (t *optimizeTask[T]) fast(w, m, v, g []T, l2, decay T) {
	mu, rho, eps := T(t.rule.Momentum), T(t.rule.Rho), T(t.rule.Eps)
	switch t.rule.Kind {
	case glyph.SGD:
		t.kernels.SGD(w, g, t.lr, l2)
	case glyph.Momentum:
		t.kernels.Momentum(w, m, g, t.lr, mu, l2)
	case glyph.Nesterov:
		t.kernels.Nesterov(w, m, g, t.lr, mu, l2)
	case glyph.RMSProp:
		t.kernels.RMSProp(w, v, g, t.lr, rho, eps, l2)
	case glyph.Adadelta:
		t.kernels.Adadelta(w, m, v, g, t.lr, rho, eps, l2)
	case glyph.Adam, glyph.AdamW:
		if t.rule.Kind == glyph.Adam {
			decay = 0
		}
		t.kernels.Adam(w, m, v, g, kernels.AdamRates[T]{
			LR: t.lr, Beta1: T(t.rule.Beta1), Beta2: T(t.rule.Beta2), Eps: eps,
			L2: l2, Decay: decay, CorrectM: t.correctM, CorrectV: t.correctV,
		})
	}
}

// correction is 1/(1-βᵗ) with t = step + 1, without the cancellation that 1-βᵗ
// has in the first steps.
func correction(beta float32, step int) float64 {
	return -1 / math.Expm1(float64(step+1)*math.Log(float64(beta)))
}

func sqrt[T Float](x T) T { return T(math.Sqrt(float64(x))) }

// Optimize updates w, m and v by the rule.
func (b *Backend[T]) Optimize(w, m, v, g, lr glyph.Tensor, clock glyph.Ints, weights int, rule glyph.Optimizer) {
	glyph.CheckOptimize(w, m, v, g, lr, clock, weights, rule)
	step := int(b.ints(clock)[glyph.ClockStep])
	t := &b.optimize
	*t = optimizeTask[T]{
		kernels: b.kernels,
		w:       b.data(w), m: b.data(m), v: b.data(v), g: b.data(g),
		weights: weights, rule: rule,
		lr:       b.data(lr)[min(step, lr.Size()-1)],
		correctM: T(correction(rule.Beta1, step)),
		correctV: T(correction(rule.Beta2, step)),
	}
	b.workers.run(t, ceil(len(t.w), parametersPerPart))
}
