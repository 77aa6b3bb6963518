package cpu

import "glyph/cpu/internal/kernels"

// normaliseBackTask does the passes of the gradient of batch normalisation, over the
// blocks of normaliseTask.
type normaliseBackTask[T Float] struct {
	kernels       *kernels.Kernels[T]
	scratch       []*scratch[T]
	x, dz, dx     []T
	y             []T // where dz is dy still, of which ReLU lets through what y says
	pixels, block int
	c             int
	sums          []T // of each block: Σ dz of each channel, and Σ dz·(x - center)
	center        []T
	ofDZ, ofX     []T // dx = ofDZ·dz + ofX·(x - center) + constant
	constant      []T
	apply         bool
}

func (t *normaliseBackTask[T]) part(worker, i int) {
	lo, hi := span(i, t.block, t.pixels)
	x, dz, y := t.x[lo*t.c:hi*t.c], t.dz[lo*t.c:hi*t.c], t.y
	if y != nil {
		y = y[lo*t.c : hi*t.c]
	}
	sums := t.sums[i*2*t.c:][:2*t.c]
	var scratch []T
	if t.kernels != nil {
		scratch = grow(&t.scratch[worker].rows, t.kernels.NormScratch(t.c))
	}
	switch {
	case t.kernels != nil && t.apply:
		t.kernels.NormGrad(t.dx[lo*t.c:hi*t.c], dz, y, x, t.center, t.ofDZ, t.ofX, t.constant, scratch)
	case t.kernels != nil:
		t.kernels.NormSums(sums[:t.c], sums[t.c:], t.center, dz, y, x, scratch)
	case t.apply:
		t.write(t.dx[lo*t.c:hi*t.c], dz, x)
	default:
		clear(sums)
		t.add(sums[:t.c], sums[t.c:], dz, x)
	}
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
