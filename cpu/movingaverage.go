package cpu

import (
	"glyph"
	"glyph/cpu/internal/kernels"
)

type averageTask[T Float] struct {
	kernels    *kernels.Kernels[T]
	average, w []T
	share      T // of w
}

func (t *averageTask[T]) part(_, i int) {
	lo, hi := span(i, parametersPerPart, len(t.w))
	average, w := t.average[lo:hi], t.w[lo:hi]
	if t.kernels != nil {
		t.kernels.Average(average, w, t.share)
		return
	}
	for j, v := range w {
		average[j] += t.share * (v - average[j])
	}
}

// MovingAverage moves the average towards w.
func (b *Backend[T]) MovingAverage(average, w glyph.Tensor, decay float32, clock glyph.Ints) {
	glyph.CheckMovingAverage(average, w, decay, clock)
	share := glyph.AverageShare(decay, b.ints(clock)[glyph.ClockStep])
	b.average = averageTask[T]{b.kernels, b.data(average), b.data(w), T(share)}
	b.workers.run(&b.average, ceil(w.Size(), parametersPerPart))
}
