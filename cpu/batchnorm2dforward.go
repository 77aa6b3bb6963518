package cpu

import (
	"glyph"
	"glyph/cpu/internal/kernels"
)

// normaliseTask does the passes of batch normalisation over blocks of pixels.
type normaliseTask[T Float] struct {
	kernels       *kernels.Kernels[T]
	y, x          []T
	pixels, block int // of the batch and of a block
	c             int
	act           glyph.Activation

	// Of each block and channel: the mean and the sum of squared deviations from it.
	// They are combined in float64 (Chan, Golub & LeVeque 1983, eq. 2.1), so that a
	// mean far from 0 costs no digits of the variance.
	means, squares        []float64
	sums                  [][]T     // scratch of each worker: three rows of c, and the kernels'
	mean, variance        []float64 // of the batch
	center, factor, shift []T       // of the last pass: y = act(factor·(x - center) + shift)
	apply                 bool
}

func (t *normaliseTask[T]) part(worker, i int) {
	lo, hi := span(i, t.block, t.pixels)
	x := t.x[lo*t.c : hi*t.c]
	if t.apply {
		t.write(worker, t.y[lo*t.c:hi*t.c], x)
		return
	}
	sums := grow(&t.sums[worker], 3*t.c+t.scratchLen())
	center, plain, squares, scratch := sums[:t.c], sums[t.c:2*t.c], sums[2*t.c:3*t.c], sums[3*t.c:]
	n := float64(hi - lo)
	t.total(center, x, scratch)
	for c := range center {
		center[c] /= T(n)
	}
	t.deviations(plain, squares, center, x)
	for c, v := range center {
		// The mean is corrected by the sum of the deviations from it (ibid., eq. 1.7).
		mean, rest := float64(v), float64(plain[c])
		if v-v == 0 { // else it is NaN or infinite, and stays so
			mean += rest / n
		}
		t.means[i*t.c+c], t.squares[i*t.c+c] = mean, max(float64(squares[c])-rest*rest/n, 0)
	}
}

// scratchLen is how much scratch memory the kernels need.
func (t *normaliseTask[T]) scratchLen() int {
	if t.kernels == nil {
		return 0
	}
	return t.kernels.NormScratch(t.c)
}

// total sets the sums to those of the columns of x.
func (t *normaliseTask[T]) total(sums, x, scratch []T) {
	if t.kernels != nil {
		t.kernels.Totals(sums, x, scratch)
		return
	}
	clear(sums)
	for at := 0; at < len(x); at += t.c {
		for c, v := range x[at:][:t.c] {
			sums[c] += v
		}
	}
}

// deviations sets plain and squares to Σ x - center and Σ (x - center)².
func (t *normaliseTask[T]) deviations(plain, squares, center, x []T) {
	if t.kernels != nil {
		t.kernels.Deviations(plain, squares, center, x)
		return
	}
	clear(plain)
	clear(squares)
	for at := 0; at < len(x); at += t.c {
		for c, v := range x[at:][:t.c] {
			d := v - center[c]
			plain[c] += d
			squares[c] += d * d
		}
	}
}

// write computes y = act(factor·(x - center) + shift).
func (t *normaliseTask[T]) write(worker int, y, x []T) {
	if t.kernels != nil {
		relu := t.act.Kind == glyph.ReLU
		t.kernels.Affine(y, x, t.center, t.factor, t.shift, relu, grow(&t.sums[worker], t.scratchLen()))
		if !relu {
			activate(t.kernels, y, t.act)
		}
		return
	}
	for at := 0; at < len(x); at += t.c {
		out := y[at:][:t.c]
		for c, v := range x[at:][:t.c] {
			out[c] = t.factor[c]*(v-t.center[c]) + t.shift[c]
		}
	}
	activate(t.kernels, y, t.act)
}

// combine computes the mean and the biased variance of each channel over the blocks.
func (t *normaliseTask[T]) combine() {
	clear(grow(&t.mean, t.c))
	clear(grow(&t.variance, t.c))
	m := float64(t.pixels)
	for i := range ceil(t.pixels, t.block) {
		lo, hi := span(i, t.block, t.pixels)
		share := float64(hi-lo) / m
		for c, v := range t.means[i*t.c:][:t.c] {
			t.mean[c] += share * v
		}
	}
	for i := range ceil(t.pixels, t.block) {
		lo, hi := span(i, t.block, t.pixels)
		for c, v := range t.means[i*t.c:][:t.c] {
			d := v - t.mean[c]
			t.variance[c] += (t.squares[i*t.c+c] + float64(hi-lo)*d*d) / m
		}
	}
}

// scale sets the constants of a channel's last pass. The shift includes what rounding
// took from the mean, unless the mean is not finite.
func (t *normaliseTask[T]) scale(c int, mean, factor, shift float64) {
	center := T(mean)
	if rest := mean - float64(center); rest == rest && rest != 0 {
		shift -= factor * rest
	}
	t.center[c], t.factor[c], t.shift[c] = center, T(factor), T(shift)
}
