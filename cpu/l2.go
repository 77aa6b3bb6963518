package cpu

import (
	"glyph"
	"glyph/cpu/internal/kernels"
)

// normTask sums squares in parts; each part's sum has a place of its own.
type normTask[T Float] struct {
	kernels *kernels.Kernels[T] // or nil
	scratch []*scratch[T]
	w       []T
	sums    []float64
}

func (t *normTask[T]) part(worker, i int) {
	lo, hi := span(i, elementsPerPart, len(t.w))
	if t.kernels != nil {
		t.sums[i] = t.kernels.Squares(t.w[lo:hi], &t.scratch[worker].squares)
		return
	}
	// In blocks: the terms are all positive, so the errors of one long sum
	// would not average out.
	const block = 128
	t.sums[i] = 0
	for ; lo < hi; lo += block {
		sum := 0.0
		for _, v := range t.w[lo:min(lo+block, hi)] {
			sum += float64(v) * float64(v)
		}
		t.sums[i] += sum
	}
}

// L2 computes penalty = lambda/2·Σ w².
func (b *Backend[T]) L2(penalty, w glyph.Tensor, lambda float32) {
	glyph.CheckL2(penalty, w, lambda)
	t := &b.norm
	t.kernels, t.scratch, t.w = b.kernels, b.scratch, b.data(w)
	parts := ceil(len(t.w), elementsPerPart)
	b.workers.run(t, len(grow(&t.sums, parts)))
	b.data(penalty)[0] = T(float64(lambda) / 2 * total(t.sums))
}
