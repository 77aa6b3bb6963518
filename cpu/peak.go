package cpu

import (
	"time"

	"glyph"
	"glyph/cpu/internal/kernels"
)

// peakTask runs multiply-adds on registers, as a measure of the processor.
type peakTask[T Float] struct{ kernels *kernels.Kernels[T] }

const (
	peakRounds = 12_500 // of a part: about 0.1 ms
	peakFMAs   = 24     // vector multiply-adds of a round
	peakParts  = 16     // for each worker: one that is disturbed leaves its share to others, as in all work here
)

func (t *peakTask[T]) part(int, int) { t.kernels.FMA(peakRounds) }

// Peak is what the workers reach together at most, measured now: multiply-adds
// on vector registers, in the best of many rounds. Without vector kernels it is
// not known. Nor is a rate of memory: the caches have no one figure.
func (b *Backend[T]) Peak() (glyph.Peak, error) {
	return glyph.Peak{FLOPS: b.MeasurePeak(50)}, nil
}

// MeasurePeak is the FLOPS of Peak in the best of the given number of rounds of about 2 ms.
func (b *Backend[T]) MeasurePeak(rounds int) float64 {
	if b.kernels == nil {
		return 0
	}
	t, parts := &peakTask[T]{b.kernels}, peakParts*b.workers.n
	best := time.Duration(1<<63 - 1)
	for range rounds { // the processor's clock rises under load; others may disturb
		start := time.Now()
		b.workers.run(t, parts)
		best = min(best, time.Since(start))
	}
	return float64(2*peakFMAs*peakRounds*b.kernels.Lanes*parts) / best.Seconds()
}
