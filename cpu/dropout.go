package cpu

import (
	"glyph"
	"glyph/cpu/internal/kernels"
)

type dropoutTask[T Float] struct {
	kernels   *kernels.Kernels[T]
	y, x      []T
	scale     T
	threshold uint32
	counter   [4]uint32
	key       [2]uint32
}

func (t *dropoutTask[T]) part(_, i int) {
	lo, hi := span(i, elementsPerPart, len(t.x))
	if t.kernels != nil {
		t.kernels.Dropout(t.y[lo:hi], t.x[lo:hi], uint32(lo/4), &t.counter, &t.key, t.threshold, t.scale)
		return
	}
	counter := t.counter
	for ; lo < hi; lo += 4 {
		counter[0] = uint32(lo / 4)
		words := glyph.Philox(counter, t.key)
		for j := range min(4, hi-lo) {
			if words[j] >= t.threshold {
				t.y[lo+j] = t.x[lo+j] * t.scale
			} else {
				t.y[lo+j] = 0
			}
		}
	}
}

// Dropout computes y = x/(1 - Rate) where the mask keeps the element, else 0.
func (b *Backend[T]) Dropout(y, x glyph.Tensor, m glyph.Mask, clock glyph.Ints) {
	glyph.CheckDropout(y, x, m, clock)
	b.dropout = dropoutTask[T]{
		kernels: b.kernels, y: b.data(y), x: b.data(x),
		scale: T(m.Scale()), threshold: m.Threshold(),
		counter: m.Counter(b.ints(clock)[glyph.ClockStep]), key: glyph.Key(m.Seed),
	}
	b.workers.run(&b.dropout, ceil(x.Size(), elementsPerPart))
}
