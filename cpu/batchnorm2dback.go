package cpu

import (
	"glyph"
	"glyph/cpu/internal/kernels"
)

// normaliseBackTask is the passes of the gradient of batch normalisation, over the
// blocks of normaliseTask.
type normaliseBackTask[T Float] struct {
	kernels       *kernels.Kernels[T]
	x, dz, dx     []T
	pixels, block int
	c             int
	sums          []T // of each block: Σ dz of each channel, and Σ dz·(x - center)
	center        []T
	ofDZ, ofX     []T // dx = ofDZ·dz + ofX·(x - center) + constant
	constant      []T
	apply         bool
}

func (t *normaliseBackTask[T]) part(_, i int) {
	lo, hi := span(i, t.block, t.pixels)
	x, dz := t.x[lo*t.c:hi*t.c], t.dz[lo*t.c:hi*t.c]
	if t.apply {
		t.write(t.dx[lo*t.c:hi*t.c], dz, x)
		return
	}
	sums := t.sums[i*2*t.c:][:2*t.c]
	clear(sums)
	t.add(sums[:t.c], sums[t.c:], dz, x)
}

// add adds Σ dz and Σ dz·(x - center) to the sums.
func (t *normaliseBackTask[T]) add(plain, times, dz, x []T) {
	for at := 0; at < len(x); at += t.c {
		for c, v := range x[at:][:t.c] {
			d := dz[at+c]
			plain[c] += d
			times[c] += d * (v - t.center[c])
		}
	}
}

// write computes dx.
func (t *normaliseBackTask[T]) write(dx, dz, x []T) {
	for at := 0; at < len(x); at += t.c {
		for c, v := range x[at:][:t.c] {
			dx[at+c] = t.ofDZ[c]*dz[at+c] + (t.ofX[c]*(v-t.center[c]) + t.constant[c])
		}
	}
}

// BatchNorm2DBackward computes the gradients of x, gamma and beta.
func (b *Backend[T]) BatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept glyph.Tensor, act glyph.Activation) {
	glyph.CheckBatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept, act)
	t := &b.normaliseBack
	t.kernels, t.x, t.dz = b.kernels, b.data(x), b.preGradient(b.data(dy), b.data(y), act)
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
