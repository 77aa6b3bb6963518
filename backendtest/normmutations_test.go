package backendtest

import (
	"math"

	"glyph"
)

// channelMoments is the mean and biased variance of each channel, in float64.
func channelMoments(x []float32, c int) (mean, variance []float64) {
	mean, variance = make([]float64, c), make([]float64, c)
	m := float64(len(x) / c)
	for i, v := range x {
		mean[i%c] += float64(v) / m
	}
	for i, v := range x {
		d := float64(v) - mean[i%c]
		variance[i%c] += d * d / m
	}
	return mean, variance
}

// normalised is batch normalisation with the statistics that moments makes of the
// batch's, as y and the inverse.
func (m *mutant) normalised(y, kept, x, gamma, beta glyph.Tensor, act glyph.Activation, inverse func(c int, mean, variance float64) float64) {
	c := x.Shape[3]
	values, g, shift := m.get(x), m.get(gamma), m.get(beta)
	mean, variance := channelMoments(values, c)
	m.edit(kept, func(v []float32) {
		for i := range c {
			v[glyph.KeptInverse*c+i] = float32(inverse(i, mean[i], variance[i]))
		}
	})
	m.edit(y, func(v []float32) {
		for i := range v {
			ch := i % c
			v[i] = float32(act.Value(float64(g[ch])*(float64(values[i])-mean[ch])*inverse(ch, mean[ch], variance[ch]) + float64(shift[ch])))
		}
	})
}

// normMutations are of batch normalisation.
func normMutations() []mutation {
	return append(trainedNormMutations(), append(normBackMutations(), normInferenceMutations()...)...)
}

func trainedNormMutations() (list []mutation) {
	type call struct {
		y, kept, mean, variance, x, gamma, beta glyph.Tensor
		n                                       glyph.BatchNorm
		act                                     glyph.Activation
	}
	norm := func(name string, f func(m *mutant, a call)) {
		list = append(list, mutation{name, "BatchNorm2D", func(m *mutant) {
			m.norm = func(y, kept, mean, variance, x, gamma, beta glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
				f(m, call{y, kept, mean, variance, x, gamma, beta, n, act})
			}
		}})
	}
	right := func(m *mutant, a call) {
		m.Backend.BatchNorm2D(a.y, a.kept, a.mean, a.variance, a.x, a.gamma, a.beta, a.n, a.act)
	}
	// inverse has another 1/√(σ² + ε).
	inverse := func(name string, f func(a call, values []float32, c int, mean, variance float64) float64) {
		norm(name, func(m *mutant, a call) {
			values := m.get(a.x)
			right(m, a)
			m.normalised(a.y, a.kept, a.x, a.gamma, a.beta, a.act, func(c int, mean, variance float64) float64 {
				return f(a, values, c, mean, variance)
			})
		})
	}
	inverse("mean of squares less the square of the mean", func(a call, values []float32, c int, mean, _ float64) float64 {
		var squares, n float32
		for i := c; i < len(values); i += a.x.Shape[3] {
			squares += values[i] * values[i]
			n++
		}
		return 1 / math.Sqrt(float64(max(squares/n-float32(mean)*float32(mean), 0)+a.n.Eps))
	})
	inverse("unbiased variance of the batch", func(a call, values []float32, _ int, _, variance float64) float64 {
		m := float64(len(values) / a.x.Shape[3])
		return 1 / math.Sqrt(variance*m/max(m-1, 1)+float64(a.n.Eps))
	})
	inverse("eps outside the root", func(a call, _ []float32, _ int, _, variance float64) float64 {
		return 1 / (math.Sqrt(variance) + float64(a.n.Eps))
	})
	inverse("eps of the default", func(a call, _ []float32, _ int, _, variance float64) float64 {
		return 1 / math.Sqrt(variance+1e-5)
	})
	norm("activation dropped", func(m *mutant, a call) {
		a.act = glyph.Activation{}
		right(m, a)
	})
	norm("gamma dropped", func(m *mutant, a call) {
		a.gamma = m.changed(a.gamma, each(func(float32) float32 { return 1 }))
		right(m, a)
	})
	norm("beta dropped", func(m *mutant, a call) {
		a.beta = m.changed(a.beta, func(v []float32) { clear(v) })
		right(m, a)
	})
	norm("normalised by the running statistics", func(m *mutant, a call) {
		before := m.changed(a.mean, func([]float32) {})
		spread := m.changed(a.variance, func([]float32) {})
		right(m, a)
		m.Backend.BatchNorm2DInference(a.y, a.x, a.gamma, a.beta, before, spread, a.n, a.act)
	})
	norm("variance kept for its inverse", func(m *mutant, a call) {
		right(m, a)
		c := a.x.Shape[3]
		m.edit(a.kept, func(v []float32) {
			for i := range c {
				v[glyph.KeptInverse*c+i] = 1 / (v[glyph.KeptInverse*c+i] * v[glyph.KeptInverse*c+i])
			}
		})
	})
	norm("running statistics not moved", func(m *mutant, a call) {
		a.mean, a.variance = m.changed(a.mean, func([]float32) {}), m.changed(a.variance, func([]float32) {})
		right(m, a)
	})
	norm("running statistics replaced", func(m *mutant, a call) {
		a.n.Momentum = 1
		right(m, a)
	})
	norm("momentum of what was there", func(m *mutant, a call) {
		a.n.Momentum = max(1-a.n.Momentum, 1e-9)
		right(m, a)
	})
	norm("biased running variance", func(m *mutant, a call) {
		old := m.get(a.variance)
		right(m, a)
		count := float64(a.x.Size() / a.x.Shape[3])
		m.edit(a.variance, func(v []float32) {
			for i := range v {
				batch := (float64(v[i])-float64(old[i]))/float64(a.n.Momentum) + float64(old[i])
				v[i] = old[i] + a.n.Momentum*float32(batch*max(count-1, 1)/count-float64(old[i]))
			}
		})
	})
	norm("a batch of one divides by 0", func(m *mutant, a call) {
		right(m, a)
		if a.x.Size() == a.x.Shape[3] {
			m.edit(a.variance, each(func(float32) float32 { return float32(math.NaN()) }))
		}
	})
	norm("NaN passed over", func(m *mutant, a call) {
		a.x = m.changed(a.x, each(noNaN))
		right(m, a)
	})
	norm("last image not in the statistics", func(m *mutant, a call) {
		right(m, a)
		if n := a.x.Shape[0]; n > 1 {
			first := a.x
			first.Shape[0] = n - 1
			y := glyph.NewTensor(m.Backend, first.Shape)
			m.Backend.BatchNorm2D(y, a.kept, m.changed(a.mean, func([]float32) {}), m.changed(a.variance, func([]float32) {}), first, a.gamma, a.beta, a.n, a.act)
		}
	})
	norm("last element not written", func(m *mutant, a call) {
		old := m.get(a.y)
		right(m, a)
		m.edit(a.y, func(v []float32) { v[len(v)-1] = old[len(v)-1] })
	})
	return list
}

func normBackMutations() (list []mutation) {
	type call struct {
		dx, dgamma, dbeta, dy, y, x, gamma, kept glyph.Tensor
		act                                      glyph.Activation
	}
	back := func(name string, f func(m *mutant, a call)) {
		list = append(list, mutation{name, "BatchNorm2DBackward", func(m *mutant) {
			m.normBack = func(dx, dgamma, dbeta, dy, y, x, gamma, kept glyph.Tensor, act glyph.Activation) {
				f(m, call{dx, dgamma, dbeta, dy, y, x, gamma, kept, act})
			}
		}})
	}
	right := func(m *mutant, a call) {
		m.Backend.BatchNorm2DBackward(a.dx, a.dgamma, a.dbeta, a.dy, a.y, a.x, a.gamma, a.kept, a.act)
	}
	// added changes dx by what is made of the sums and x̂, in each channel.
	added := func(name string, f func(factor, count, dbeta, dgamma, hat float64) float64) {
		back(name, func(m *mutant, a call) {
			right(m, a)
			if a.dx.IsZero() {
				return
			}
			c := a.x.Shape[3]
			dgamma, dbeta := glyph.NewTensor(m.Backend, a.gamma.Shape), glyph.NewTensor(m.Backend, a.gamma.Shape)
			m.Backend.BatchNorm2DBackward(glyph.Tensor{}, dgamma, dbeta, a.dy, a.y, a.x, a.gamma, a.kept, a.act)
			x, kept, gamma, dg, db := m.get(a.x), m.get(a.kept), m.get(a.gamma), m.get(dgamma), m.get(dbeta)
			m.edit(a.dx, func(v []float32) {
				for i := range v {
					ch := i % c
					inverse := float64(kept[glyph.KeptInverse*c+ch])
					hat := (float64(x[i]) - float64(kept[ch])) * inverse
					v[i] += float32(f(float64(gamma[ch])*inverse, float64(len(v)/c), float64(db[ch]), float64(dg[ch]), hat))
				}
			})
		})
	}
	added("mean of dz not taken out", func(factor, count, dbeta, _, _ float64) float64 { return factor * dbeta / count })
	added("part along x̂ not taken out", func(factor, count, _, dgamma, hat float64) float64 {
		return factor * hat * dgamma / count
	})
	added("sums divided by m-1", func(factor, count, dbeta, dgamma, hat float64) float64 {
		return factor * (dbeta + hat*dgamma) * (1/count - 1/max(count-1, 1))
	})
	back("derivative dropped", func(m *mutant, a call) {
		a.act = glyph.Activation{}
		right(m, a)
	})
	back("derivative dropped in dx", func(m *mutant, a call) {
		right(m, a)
		a.dgamma, a.dbeta, a.act = glyph.Tensor{}, glyph.Tensor{}, glyph.Activation{}
		right(m, a)
	})
	back("gamma dropped", func(m *mutant, a call) {
		a.gamma = m.changed(a.gamma, each(func(float32) float32 { return 1 }))
		right(m, a)
	})
	back("dgamma without the inverse", func(m *mutant, a call) {
		right(m, a)
		c, kept := a.x.Shape[3], m.get(a.kept)
		m.edit(a.dgamma, func(v []float32) {
			for i := range v {
				v[i] /= kept[glyph.KeptInverse*c+i]
			}
		})
	})
	back("dgamma of x for x less the mean", func(m *mutant, a call) {
		right(m, a)
		a.dx, a.dbeta = glyph.Tensor{}, glyph.Tensor{}
		a.kept = m.changed(a.kept, func(v []float32) { clear(v[:a.x.Shape[3]]) })
		right(m, a)
	})
	back("dgamma only with dx", func(m *mutant, a call) {
		if a.dx.IsZero() {
			a.dgamma = glyph.Tensor{}
		}
		right(m, a)
	})
	back("last image not in the sums", func(m *mutant, a call) {
		right(m, a)
		n := a.dy.Shape[0]
		a.dx, a.dy = glyph.Tensor{}, m.changed(a.dy, func(v []float32) { clear(v[len(v)/n*(n-1):]) })
		right(m, a)
	})
	return list
}

func normInferenceMutations() (list []mutation) {
	infer := func(name string, f func(m *mutant, y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, act glyph.Activation)) {
		list = append(list, mutation{name, "BatchNorm2DInference", func(m *mutant) {
			m.normInfer = func(y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
				f(m, y, x, gamma, beta, mean, variance, n, act)
			}
		}})
	}
	infer("statistics of the batch", func(m *mutant, y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
		kept := glyph.NewTensor(m.Backend, glyph.Shape{glyph.KeptRows, x.Shape[3]})
		same := func([]float32) {}
		m.Backend.BatchNorm2D(y, kept, m.changed(mean, same), m.changed(variance, same), x, gamma, beta, n, act)
	})
	infer("eps of the default", func(m *mutant, y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
		m.Backend.BatchNorm2DInference(y, x, gamma, beta, mean, variance, glyph.DefaultBatchNorm(), act)
	})
	infer("activation dropped", func(m *mutant, y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, _ glyph.Activation) {
		m.Backend.BatchNorm2DInference(y, x, gamma, beta, mean, variance, n, glyph.Activation{})
	})
	infer("gamma and beta swapped", func(m *mutant, y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
		m.Backend.BatchNorm2DInference(y, x, beta, gamma, mean, variance, n, act)
	})
	infer("mean not subtracted", func(m *mutant, y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
		m.Backend.BatchNorm2DInference(y, x, gamma, beta, m.changed(mean, func(v []float32) { clear(v) }), variance, n, act)
	})
	return list
}
