package backendtest

import (
	"fmt"
	"math"

	"glyph"
)

// squareError is what a squared deviation adds to the error of the mean, in units of u
// times the variance: twice the error of the difference, and that of the square.
const squareError = 3

// normLayer is the geometry of batch normalisation.
type normLayer struct {
	n, h, w, c int
	glyph.BatchNorm
	act  glyph.Activation
	fill Fill
	what string // what fill is, where it is not standard normal
}

func newNormLayer(x glyph.Shape, n glyph.BatchNorm, act glyph.Activation) normLayer {
	return normLayer{x[0], x[1], x[2], x[3], n, act, normal(1), ""}
}

func (l normLayer) String() string {
	s := fmt.Sprintf("%dx%dx%dx%d %v", l.n, l.h, l.w, l.c, l.act)
	if l.what != "" {
		s += " " + l.what
	}
	return s
}

// constants is the layer's name with what it adds to the variance.
func (l normLayer) constants() string {
	return fmt.Sprintf("%v eps %g momentum %g", l, l.Eps, l.Momentum)
}

// plain is the layer without its activation.
func (l normLayer) plain() normLayer {
	l.act = glyph.Activation{}
	return l
}

func (l normLayer) xShape() glyph.Shape   { return glyph.Shape{l.n, l.h, l.w, l.c} }
func (l normLayer) channels() glyph.Shape { return glyph.Shape{l.c} }

// count is m, how many elements a channel has.
func (l normLayer) count() int { return l.n * l.h * l.w }

// bytes is the size of x.
func (l normLayer) bytes() int64 { return 4 * int64(l.xShape().Size()) }

func (l normLayer) x() Operand     { return input("x", l.xShape(), l.fill) }
func (l normLayer) gamma() Operand { return input("gamma", l.channels(), normal(1)) }
func (l normLayer) beta() Operand  { return input("beta", l.channels(), normal(1)) }

// forward is BatchNorm2D, which has to read x twice: once for its statistics and once
// to apply them.
func (l normLayer) forward() *Case {
	return &Case{
		Op: "BatchNorm2D", Name: l.constants(), Moves: l.bytes(),
		Tensors: []Operand{
			result("y", l.xShape()), result("kept", glyph.Shape{glyph.KeptRows, l.c}),
			state("mean", l.channels(), normal(1)), state("variance", l.channels(), uniform(0.5, 2)),
			l.x(), l.gamma(), l.beta(),
		},
		Call: func(b glyph.Backend, a Args) {
			t := a.Tensor
			b.BatchNorm2D(t["y"], t["kept"], t["mean"], t["variance"], t["x"], t["gamma"], t["beta"], l.BatchNorm, l.act)
		},
		Define: l.defineForward,
	}
}

// statistics is the mean and the biased variance of each channel.
//
// The mean μ is a sum of m terms, off by δ = 8·u·Σ|x|/m and the division. Of the
// deviations from a mean that is off by δ, the squares have a mean of σ² + δ².
// Where the deviations are from the means of groups, and what is between the groups
// is added (Chan, Golub & LeVeque 1983, eq. 2.1), each mean of a group is off by δ,
// and Σ n·(Δ + δ)²/m is at most that of Δ² and 2·σ·δ + δ². So
//
//	|error of σ²| <= (8 + 3)·u·σ² + 2·σ·δ + δ²
//
// relative to σ² about u·|μ|/σ: a mean far from 0 costs the digits of |μ|/σ once,
// as it does in x - μ. Computing the variance as the mean of squares minus the square
// of the mean would cost them twice, and is outside the bound.
func (l normLayer) statistics(x []float64) (mean, variance []Number) {
	mean, variance = make([]Number, l.c), make([]Number, l.c)
	m := float64(l.count())
	for c := range mean {
		var total, squares sum
		for i := c; i < len(x); i += l.c {
			total.term(x[i])
		}
		mean[c] = div(total.number(), exact(m))
		for i := c; i < len(x); i += l.c {
			d := x[i] - mean[c].Value
			squares.term(d * d)
		}
		v, delta := (squares.hi+squares.lo)/m, mean[c].Error
		if v != v || math.IsInf(v, 0) {
			v = squares.hi
		}
		variance[c] = Number{v, (sumError+squareError+divideError)*v + 2*math.Sqrt(v)*delta + U32*delta*delta}
	}
	return mean, variance
}

// inverse is 1/√(σ² + ε).
func (l normLayer) inverse(variance Number) Number {
	return div(exact(1), sqrt(add(variance, exact(float64(l.Eps)))))
}

// apply is y = act(gamma·(x - μ)·inverse + beta).
func (l normLayer) apply(in Values, mean, variance []Number) []Number {
	x, gamma, beta := in.Tensor["x"], in.Tensor["gamma"], in.Tensor["beta"]
	factor := make([]Number, l.c)
	for c := range factor {
		factor[c] = mul(exact(gamma[c]), l.inverse(variance[c]))
	}
	y := make([]Number, len(x))
	for i, v := range x {
		c := i % l.c
		y[i] = activate(l.act, add(mul(factor[c], sub(exact(v), mean[c])), exact(beta[c])))
	}
	return y
}

func (l normLayer) defineForward(in Values) Results {
	mean, variance := l.statistics(in.Tensor["x"])
	kept := make([]Number, glyph.KeptRows*l.c)
	running, spread := make([]Number, l.c), make([]Number, l.c)
	moved := func(old float64, to Number) Number {
		return add(exact(old), mul(exact(float64(l.Momentum)), sub(to, exact(old))))
	}
	m := float64(l.count())
	for c := range mean {
		kept[glyph.KeptMean*l.c+c], kept[glyph.KeptInverse*l.c+c] = mean[c], l.inverse(variance[c])
		unbiased := variance[c]
		if m > 1 {
			unbiased = div(mul(variance[c], exact(m)), exact(m-1))
		}
		running[c], spread[c] = moved(in.Tensor["mean"][c], mean[c]), moved(in.Tensor["variance"][c], unbiased)
	}
	return Results{Tensor: map[string][]Number{
		"y": l.apply(in, mean, variance), "kept": kept, "mean": running, "variance": spread,
	}}
}

// inference is BatchNorm2DInference.
func (l normLayer) inference() *Case {
	return &Case{
		Op: "BatchNorm2DInference", Name: fmt.Sprintf("%v eps %g", l, l.Eps),
		Tensors: []Operand{
			result("y", l.xShape()), l.x(), l.gamma(), l.beta(),
			input("mean", l.channels(), normal(1)), input("variance", l.channels(), uniform(0, 2)),
		},
		Call: func(b glyph.Backend, a Args) {
			t := a.Tensor
			b.BatchNorm2DInference(t["y"], t["x"], t["gamma"], t["beta"], t["mean"], t["variance"], l.BatchNorm, l.act)
		},
		Define: func(in Values) Results {
			y := l.apply(in, exactly(in.Tensor["mean"]), exactly(in.Tensor["variance"]))
			return Results{Tensor: map[string][]Number{"y": y}}
		},
	}
}

// kept fills with the statistics of x.
func (l normLayer) kept(_ *glyph.Rand, v []float64, in Values) {
	mean, variance := l.statistics(in.Tensor["x"])
	for c := range mean {
		v[glyph.KeptMean*l.c+c], v[glyph.KeptInverse*l.c+c] = mean[c].Value, l.inverse(variance[c]).Value
	}
}

// backward is BatchNorm2DBackward with the results wanted, of dx, dgamma and
// dbeta. For dx, what the sums have read is read again.
func (l normLayer) backward(want ...string) *Case {
	shapes := map[string]glyph.Shape{"dx": l.xShape(), "dgamma": l.channels(), "dbeta": l.channels()}
	c := &Case{
		Op: "BatchNorm2DBackward", Name: l.String() + " " + wanted(want),
		Call: func(b glyph.Backend, a Args) {
			t := a.Tensor
			b.BatchNorm2DBackward(t["dx"], t["dgamma"], t["dbeta"], t["dy"], t["y"], t["x"], t["gamma"], t["kept"], l.act)
		},
		Define: l.defineBackward,
	}
	for _, name := range want {
		c.Tensors = append(c.Tensors, result(name, shapes[name]))
		if name == "dx" {
			c.Moves = 2 * l.bytes()
			if l.act.Kind != glyph.None {
				c.Moves += l.bytes()
			}
		}
	}
	c.Tensors = append(c.Tensors, input("dy", l.xShape(), normal(1)), input("y", l.xShape(), activated(l.act)),
		input("kept", glyph.Shape{glyph.KeptRows, l.c}, l.kept), l.x(), l.gamma())
	return c
}

func (l normLayer) defineBackward(in Values) Results {
	x, kept, gamma := in.Tensor["x"], in.Tensor["kept"], in.Tensor["gamma"]
	mean, inverse := kept[glyph.KeptMean*l.c:][:l.c], kept[glyph.KeptInverse*l.c:][:l.c]
	dz := deriveAll(l.act, in.Tensor["dy"], in.Tensor["y"])
	normalised := make([]Number, len(x))
	sums := map[string][]sum{"dgamma": make([]sum, l.c), "dbeta": make([]sum, l.c)}
	for i, v := range x {
		c := i % l.c
		normalised[i] = mul(sub(exact(v), exact(mean[c])), exact(inverse[c]))
		sums["dbeta"][c].add(dz[i])
		sums["dgamma"][c].add(mul(dz[i], normalised[i]))
	}
	r := pick(sums, []string{"dgamma", "dbeta"})
	dgamma, dbeta := r.Tensor["dgamma"], r.Tensor["dbeta"]
	dx, m := make([]Number, len(x)), exact(float64(l.count()))
	for i := range dx {
		c := i % l.c
		rest := sub(sub(dz[i], div(dbeta[c], m)), mul(normalised[i], div(dgamma[c], m)))
		dx[i] = mul(mul(exact(gamma[c]), exact(inverse[c])), rest)
		// The parts may be multiplied by the factor each for itself.
		dx[i].Error += math.Abs(gamma[c]*inverse[c]) * (math.Abs(dz[i].Value) + math.Abs(dbeta[c].Value)/m.Value +
			math.Abs(normalised[i].Value*dgamma[c].Value)/m.Value) * 2
	}
	r.Tensor["dx"] = dx
	return r
}
