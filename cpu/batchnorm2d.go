package cpu

import (
	"math"

	"glyph"
)

// How many pixels a block of sums has: as many as stay in the L1 cache while they are
// read twice, and no more terms in a sum than rounding allows. The blocks depend on the
// shape alone, so no result depends on which worker computes what.
const (
	normElements                = 8192
	leastPixels, mostNormPixels = 32, 256
)

func normPixels(c int) int { return min(max(normElements/c, leastPixels), mostNormPixels) }

// normalising prepares the task for both forms.
func (b *Backend[T]) normalising(y, x glyph.Tensor, act glyph.Activation) *normaliseTask[T] {
	t := &b.normalise
	t.kernels, t.y, t.x, t.act = b.kernels, b.data(y), b.data(x), act
	t.c = x.Shape[3]
	t.pixels, t.block = x.Size()/t.c, normPixels(t.c)
	grow(&t.center, t.c)
	grow(&t.factor, t.c)
	grow(&t.shift, t.c)
	if t.sums == nil {
		t.sums = make([][]T, b.workers.n)
	}
	return t
}

// BatchNorm2D normalises each channel over the batch.
func (b *Backend[T]) BatchNorm2D(y, kept, mean, variance, x, gamma, beta glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	glyph.CheckBatchNorm2D(y, kept, mean, variance, x, gamma, beta, n, act)
	t := b.normalising(y, x, act)
	c, blocks := t.c, ceil(t.pixels, t.block)
	grow(&t.means, blocks*c)
	grow(&t.squares, blocks*c)
	t.apply = false
	b.workers.run(t, blocks)
	t.combine()

	keep, running, spread := b.data(kept), b.data(mean), b.data(variance)
	g, shift := b.data(gamma), b.data(beta)
	m := float64(t.pixels)
	for i := range c {
		mu, sigma := t.mean[i], t.variance[i]
		inverse := 1 / math.Sqrt(sigma+float64(n.Eps))
		keep[glyph.KeptMean*c+i], keep[glyph.KeptInverse*c+i] = T(mu), T(inverse)
		t.scale(i, mu, float64(g[i])*inverse, float64(shift[i]))
		running[i] += T(n.Momentum) * (T(mu) - running[i])
		spread[i] += T(n.Momentum) * (T(sigma*m/max(m-1, 1)) - spread[i])
	}
	t.apply = true
	b.workers.run(t, blocks)
}

// BatchNorm2DInference normalises by the running statistics.
func (b *Backend[T]) BatchNorm2DInference(y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	glyph.CheckBatchNorm2DInference(y, x, gamma, beta, mean, variance, n, act)
	t := b.normalising(y, x, act)
	g, shift, mu, sigma := b.data(gamma), b.data(beta), b.data(mean), b.data(variance)
	for i := range t.c {
		t.scale(i, float64(mu[i]), float64(g[i])/math.Sqrt(float64(sigma[i])+float64(n.Eps)), float64(shift[i]))
	}
	t.apply = true
	b.workers.run(t, ceil(t.pixels, t.block))
}

// BatchNorm2DBackward computes the gradients of x, gamma and beta.
func (b *Backend[T]) BatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept glyph.Tensor, act glyph.Activation) {
	glyph.CheckBatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept, act)
	t := &b.normaliseBack
	t.scratch = b.scratch
	t.kernels, t.x, t.dz, t.y = b.kernels, b.data(x), b.data(dy), nil
	if b.kernels != nil && act.Kind == glyph.ReLU {
		t.y = b.data(y)
	} else {
		t.dz = b.preGradient(t.dz, b.data(y), act)
	}
	t.c = x.Shape[3]
	t.pixels, t.block = x.Size()/t.c, normPixels(t.c)
	c, blocks := t.c, ceil(t.pixels, t.block)
	keep, g := b.data(kept), b.data(gamma)
	t.center = keep[glyph.KeptMean*c:][:c]
	grow(&t.sums, blocks*2*c)
	t.apply = false
	b.workers.run(t, blocks)

	grow(&t.ofDZ, c)
	grow(&t.ofX, c)
	grow(&t.constant, c)
	ofGamma, ofBeta, m := b.data(dgamma), b.data(dbeta), float64(t.pixels)
	for i, inverse := range keep[glyph.KeptInverse*c:][:c] {
		var sum, times float64
		for block := range blocks {
			sum += float64(t.sums[block*2*c+i])
			times += float64(t.sums[block*2*c+c+i])
		}
		times *= float64(inverse)
		if ofBeta != nil {
			ofBeta[i] = T(sum)
		}
		if ofGamma != nil {
			ofGamma[i] = T(times)
		}
		factor := float64(g[i]) * float64(inverse)
		t.ofDZ[i], t.ofX[i], t.constant[i] = T(factor), T(-factor*times/m*float64(inverse)), T(-factor*sum/m)
	}
	if dx.IsZero() {
		return
	}
	t.dx, t.apply = b.data(dx), true
	b.workers.run(t, blocks)
}
