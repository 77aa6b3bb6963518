package cpu

import (
	"math"

	"glyph"
)

// normaliseTask is the passes of batch normalisation over the images of a batch.
// Each image has sums of its own, so that the result does not depend on who
// computes what.
type normaliseTask[T Float] struct {
	b         *Backend[T]
	y, x      []T
	pixels, c int
	act       glyph.Activation

	// Of each image and channel: the mean and the sum of squared deviations from it.
	// They are combined in float64 (Chan, Golub & LeVeque 1983, eq. 2.1), so that a
	// mean far from 0 costs no digits of the variance.
	means, squares []T
	factor, shift  []T // of the last pass: y = act(factor·x + shift)
	apply          bool
}

func (t *normaliseTask[T]) part(_, image int) {
	x := t.x[image*t.pixels*t.c:][:t.pixels*t.c]
	if t.apply {
		t.write(t.y[image*len(x):][:len(x)], x)
		return
	}
	mean, square := t.means[image*t.c:][:t.c], t.squares[image*t.c:][:t.c]
	clear(mean)
	clear(square)
	for at := 0; at < len(x); at += t.c {
		for c, v := range x[at:][:t.c] {
			mean[c] += v
		}
	}
	for c := range mean {
		mean[c] /= T(t.pixels)
	}
	for at := 0; at < len(x); at += t.c {
		for c, v := range x[at:][:t.c] {
			square[c] += (v - mean[c]) * (v - mean[c])
		}
	}
}

// write computes y = act(factor·x + shift).
func (t *normaliseTask[T]) write(y, x []T) {
	for at := 0; at < len(x); at += t.c {
		out := y[at:][:t.c]
		for c, v := range x[at:][:t.c] {
			out[c] = t.factor[c]*v + t.shift[c]
		}
	}
	activate(t.b.kernels, y, t.act)
}

// combine is the mean and biased variance of a channel over all images.
func (t *normaliseTask[T]) combine(images, c int) (mean, variance float64) {
	squares := 0.0
	for i := range images {
		n, before := float64(t.pixels), float64(i*t.pixels)
		delta := float64(t.means[i*t.c+c]) - mean
		mean += delta * n / (before + n)
		squares += float64(t.squares[i*t.c+c]) + delta*delta*before*n/(before+n)
	}
	return mean, squares / float64(images*t.pixels)
}

// BatchNorm2D normalises each channel over the batch.
func (b *Backend[T]) BatchNorm2D(y, kept, mean, variance, x, gamma, beta glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	glyph.CheckBatchNorm2D(y, kept, mean, variance, x, gamma, beta, n, act)
	images, c := x.Shape[0], x.Shape[3]
	t := b.normalising(y, x, act)
	grow(&t.means, images*c)
	grow(&t.squares, images*c)
	t.apply = false
	b.workers.run(t, images)

	keep, running, spread := b.data(kept), b.data(mean), b.data(variance)
	g, shift := b.data(gamma), b.data(beta)
	grow(&t.factor, c)
	grow(&t.shift, c)
	m := float64(images * t.pixels)
	for i := range c {
		mu, sigma := t.combine(images, i)
		inverse := 1 / math.Sqrt(sigma+float64(n.Eps))
		keep[glyph.KeptMean*c+i], keep[glyph.KeptInverse*c+i] = T(mu), T(inverse)
		t.factor[i], t.shift[i] = T(float64(g[i])*inverse), T(float64(shift[i])-float64(g[i])*inverse*mu)
		running[i] += T(n.Momentum) * (T(mu) - running[i])
		spread[i] += T(n.Momentum) * (T(sigma*m/max(m-1, 1)) - spread[i])
	}
	t.apply = true
	b.workers.run(t, images)
}

// BatchNorm2DInference normalises by the running statistics.
func (b *Backend[T]) BatchNorm2DInference(y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	glyph.CheckBatchNorm2DInference(y, x, gamma, beta, mean, variance, n, act)
	t := b.normalising(y, x, act)
	g, shift, mu, sigma := b.data(gamma), b.data(beta), b.data(mean), b.data(variance)
	grow(&t.factor, t.c)
	grow(&t.shift, t.c)
	for i := range t.c {
		factor := float64(g[i]) / math.Sqrt(float64(sigma[i])+float64(n.Eps))
		t.factor[i], t.shift[i] = T(factor), T(float64(shift[i])-factor*float64(mu[i]))
	}
	t.apply = true
	b.workers.run(t, x.Shape[0])
}

func (b *Backend[T]) normalising(y, x glyph.Tensor, act glyph.Activation) *normaliseTask[T] {
	t := &b.normalise
	t.b, t.y, t.x, t.act = b, b.data(y), b.data(x), act
	t.pixels, t.c = x.Shape[1]*x.Shape[2], x.Shape[3]
	return t
}

// normaliseBackTask is the passes of its gradient.
type normaliseBackTask[T Float] struct {
	x, dz, dx []T
	pixels, c int
	mean      []T
	sums      []T // of each image and channel: Σ dz, and after those of all channels Σ dz·(x - μ)
	ofDZ      []T // dx = ofDZ·dz + ofX·x + constant
	ofX       []T
	constant  []T
	apply     bool
}

func (t *normaliseBackTask[T]) part(_, image int) {
	size := t.pixels * t.c
	x, dz := t.x[image*size:][:size], t.dz[image*size:][:size]
	if t.apply {
		dx := t.dx[image*size:][:size]
		for at := 0; at < size; at += t.c {
			for c, v := range x[at:][:t.c] {
				dx[at+c] = t.ofDZ[c]*dz[at+c] + t.ofX[c]*v + t.constant[c]
			}
		}
		return
	}
	sums := t.sums[image*2*t.c:][:2*t.c]
	clear(sums)
	plain, times := sums[:t.c], sums[t.c:]
	for at := 0; at < size; at += t.c {
		for c, v := range x[at:][:t.c] {
			d := dz[at+c]
			plain[c] += d
			times[c] += d * (v - t.mean[c])
		}
	}
}

// BatchNorm2DBackward computes the gradients of x, gamma and beta.
func (b *Backend[T]) BatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept glyph.Tensor, act glyph.Activation) {
	glyph.CheckBatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept, act)
	images, c := x.Shape[0], x.Shape[3]
	t := &b.normaliseBack
	t.x, t.dz = b.data(x), b.preGradient(b.data(dy), b.data(y), act)
	t.pixels, t.c = x.Shape[1]*x.Shape[2], c
	keep, g := b.data(kept), b.data(gamma)
	t.mean = keep[glyph.KeptMean*c:][:c]
	grow(&t.sums, images*2*c)
	t.apply = false
	b.workers.run(t, images)

	grow(&t.ofDZ, c)
	grow(&t.ofX, c)
	grow(&t.constant, c)
	m := float64(images * t.pixels)
	for i := range c {
		var sum, times float64
		for image := range images {
			sum += float64(t.sums[image*2*c+i])
			times += float64(t.sums[image*2*c+c+i])
		}
		mu, inverse := float64(keep[glyph.KeptMean*c+i]), float64(keep[glyph.KeptInverse*c+i])
		times *= inverse
		if !dbeta.IsZero() {
			b.data(dbeta)[i] = T(sum)
		}
		if !dgamma.IsZero() {
			b.data(dgamma)[i] = T(times)
		}
		factor := float64(g[i]) * inverse
		ofX := -factor * times / m * inverse
		t.ofDZ[i], t.ofX[i], t.constant[i] = T(factor), T(ofX), T(-factor*sum/m-ofX*mu)
	}
	if dx.IsZero() {
		return
	}
	t.dx, t.apply = b.data(dx), true
	b.workers.run(t, images)
}
