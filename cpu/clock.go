package cpu

import "glyph"

// Advance writes the step's row of the log and moves the clock on.
func (b *Backend[T]) Advance(clock glyph.Ints, log, loss, hits, penalty glyph.Tensor) {
	glyph.CheckAdvance(clock, log, loss, hits, penalty)
	time, n := b.ints(clock), loss.Shape[0]
	if !log.IsZero() {
		row := b.data(log)[int(uint32(time[glyph.ClockStep]))%log.Shape[0]*glyph.LogLen:]
		mean := total(b.data(loss)) / float64(n)
		if !penalty.IsZero() {
			mean += float64(b.data(penalty)[0])
		}
		row[glyph.LogLoss] = T(mean)
		row[glyph.LogHits] = T(total(b.data(hits)))
	}
	time[glyph.ClockStep]++
	time[glyph.ClockRow] += int32(n)
}

func total[T Float](v []T) float64 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x)
	}
	return sum
}
