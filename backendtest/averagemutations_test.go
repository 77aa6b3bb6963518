package backendtest

import "glyph"

// averageMutations are of moving averages.
func averageMutations() (list []mutation) {
	add := func(name string, f func(m *mutant, average, w glyph.Tensor, decay float32, clock glyph.Ints), ops ...string) {
		for _, op := range append(ops, "MovingAverage") {
			list = append(list, mutation{name, op, func(m *mutant) {
				m.average = func(average, w glyph.Tensor, decay float32, clock glyph.Ints) { f(m, average, w, decay, clock) }
			}})
		}
	}
	const properties = "" // see it too
	at := func(m *mutant, clock glyph.Ints, step func(int32) int32) glyph.Ints {
		return m.moved(clock, func(v []int32) { v[glyph.ClockStep] = step(v[glyph.ClockStep]) })
	}
	add("decay from the first step on", func(m *mutant, average, w glyph.Tensor, decay float32, clock glyph.Ints) {
		m.Backend.MovingAverage(average, w, decay, at(m, clock, func(int32) int32 { return 1 << 30 }))
	}, properties)
	add("decay of the next step", func(m *mutant, average, w glyph.Tensor, decay float32, clock glyph.Ints) {
		m.Backend.MovingAverage(average, w, decay, at(m, clock, func(step int32) int32 { return max(step+1, step) }))
	}, properties)
	add("the decay has no end", func(m *mutant, average, w glyph.Tensor, _ float32, clock glyph.Ints) {
		m.Backend.MovingAverage(average, w, 1-0x1p-24, clock)
	})
	add("decay for share", func(m *mutant, average, w glyph.Tensor, decay float32, clock glyph.Ints) {
		m.Backend.MovingAverage(average, w, min(1-decay, 1-0x1p-24), clock)
	})
	add("w in half precision", func(m *mutant, average, w glyph.Tensor, decay float32, clock glyph.Ints) {
		m.Backend.MovingAverage(average, m.changed(w, each(half)), decay, clock)
	}, properties)
	add("last element not moved", func(m *mutant, average, w glyph.Tensor, decay float32, clock glyph.Ints) {
		n := w.Size() - 1
		last := m.get(average)[n]
		m.Backend.MovingAverage(average, w, decay, clock)
		m.edit(average, func(v []float32) { v[n] = last })
	}, properties)
	add("moved twice", func(m *mutant, average, w glyph.Tensor, decay float32, clock glyph.Ints) {
		m.Backend.MovingAverage(average, w, decay, clock)
		m.Backend.MovingAverage(average, w, decay, clock)
	}, properties)
	list = append(list, mutation{"the sum of two products", properties, func(m *mutant) {
		m.average = func(average, w glyph.Tensor, decay float32, clock glyph.Ints) {
			from, share := m.get(w), float32(glyph.AverageShare(decay, m.ints(clock)[glyph.ClockStep]))
			m.edit(average, func(v []float32) {
				for i := range v {
					v[i] = (1-share)*v[i] + share*from[i]
				}
			})
		}
	}})
	return list
}
