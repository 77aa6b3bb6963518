package cpu

import (
	"slices"
	"testing"
)

// Runs hold every output once, in order, with its taps in the image and what the first
// of them meets; and within has the outputs of every tap.
func TestRuns(t *testing.T) {
	for i := range 7 * 7 * 5 * 3 * 8 {
		outputs, inputs, taps, stride, pad := 1+i%7, 1+i/7%7, 1+i/49%5, 1+i/245%3, i/735-2
		runs := appendRuns(nil, outputs, inputs, taps, stride, pad)
		next, in := 0, make([][]int, taps) // outputs of each tap
		for _, r := range runs {
			if r.first != next || r.count < 1 {
				t.Fatalf("%d outputs of %d, %d taps, stride %d, pad %d: %+v", outputs, inputs, taps, stride, pad, runs)
			}
			for o := r.first; o < r.first+r.count; o++ {
				var want []int // what the taps in the image meet
				for tap := range taps {
					if at := o*stride - pad + tap; at >= 0 && at < inputs {
						want, in[tap] = append(want, at), append(in[tap], o)
					}
				}
				var got []int
				for j := range r.taps {
					got = append(got, r.at+(o-r.first)*stride+j)
				}
				if !slices.Equal(got, want) || r.taps > 0 && r.at+(o-r.first)*stride != o*stride-pad+r.tap {
					t.Fatalf("%d outputs of %d, %d taps, stride %d, pad %d: output %d meets %v, not %v", outputs, inputs, taps, stride, pad, o, got, want)
				}
			}
			next = r.first + r.count
		}
		if next != outputs {
			t.Fatalf("%d of %d outputs", next, outputs)
		}
		for tap := range taps {
			lo, hi := within(tap, outputs, inputs, stride, pad)
			if hi-lo != len(in[tap]) || hi > lo && (in[tap][0] != lo || in[tap][hi-lo-1] != hi-1) {
				t.Fatalf("%d outputs of %d, stride %d, pad %d: tap %d in %d to %d, want %v", outputs, inputs, stride, pad, tap, lo, hi, in[tap])
			}
		}
	}
}

// The images that a worker is expected to come to are the next of its part, or after the
// last of them the first of its next part, if the workers take the parts in turn.
func TestUpcoming(t *testing.T) {
	for i := range 3 * 7 * 4 * 30 {
		workers, part, together, images := 1+i%3, 1+i/3%7, 1+i/21%4, 1+i/84
		g := geometry{n: images}
		from, to := 0, min(together, part, images) // of the first worker
		for first := 0; first < images; first += workers * part {
			last := min(first+part, images)
			for n := first; n < last; n += together {
				if from != n || to < min(n+together, last) || to > min(n+together, images) {
					t.Fatalf("%d workers, parts of %d, %d together, %d images: %d to %d for %d", workers, part, together, images, from, to, n)
				}
				from, to = g.upcoming(n, last, together, part, workers)
			}
		}
		if from != images || to != images {
			t.Fatalf("%d workers, parts of %d, %d together, %d images: %d to %d after the last", workers, part, together, images, from, to)
		}
	}
}
