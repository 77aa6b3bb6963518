package backendtest

import (
	"slices"

	"glyph"
)

// repeated: Repeat(n, step) is n calls of step, however it is cut up, waited
// for, or started again.
func repeated(b glyph.Backend, r *Report) {
	const n = 13
	want := newTrainer(b)
	for range n {
		want.step()
	}
	expect := want.state()
	check := func(what string, s *trainer) {
		if !slices.Equal(s.state(), expect) {
			r.failf("%s gives other bits than %d calls", what, n)
		}
	}
	s := newTrainer(b)
	b.Repeat(n, s.step)
	check("Repeat", s)
	s.initial()
	b.Repeat(n, s.step)
	check("Repeat of the same step after a new start", s)
	s.initial()
	b.Repeat(0, s.step)
	b.Repeat(1, s.step)
	b.Repeat(5, s.step)
	s.step()
	b.Repeat(n-7, s.step)
	check("Repeat in parts", s)
	s.initial()
	s.wait = func() {
		if err := b.Sync(); err != nil {
			panic(deviceError{err})
		}
	}
	for range n {
		s.step()
	}
	check("waiting after every operation", s)
}

// repeatedByHand: a recorded run of steps leaves what reading after each step
// saw: every row of the log in its turn, and the clock.
func repeatedByHand(b glyph.Backend, r *Report) {
	const n = 2*trainerRows + 3
	hand := newTrainer(b)
	want := make([]float64, trainerRows*glyph.LogLen)
	distinct := map[float64]bool{}
	for step := range n {
		hand.step()
		row := read(b, hand.log)[step%trainerRows*glyph.LogLen:][:glyph.LogLen]
		copy(want[step%trainerRows*glyph.LogLen:], row)
		distinct[row[glyph.LogLoss]] = true
	}
	if len(distinct) < n {
		r.failf("%d steps have only %d different losses", n, len(distinct))
	}
	s := newTrainer(b)
	b.Repeat(n, s.step)
	if got := read(b, s.log); !slices.Equal(bitsOf(got), bitsOf(want)) {
		r.failf("the log is %v, step by step it was %v", got, want)
	}
	if got := readInts(b, s.clock); !slices.Equal(got, clockAt(n, n*trainerBatch)) {
		r.failf("the clock is at %v, want %v", got, clockAt(n, n*trainerBatch))
	}
	total := int32(0)
	for _, v := range readInts(b, s.counts) {
		total += v
	}
	if total != n*trainerBatch {
		r.failf("%d samples in the confusion counts, want %d", total, n*trainerBatch)
	}
}
