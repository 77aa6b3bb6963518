package window

import (
	"math"
	"slices"
	"testing"
)

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		low, high   float64
		logarithmic bool
		want        []float64
	}{
		{0, 1, false, []float64{0, 0.2, 0.4, 0.6000000000000001, 0.8, 1}},
		{0, 12, false, []float64{0, 5, 10}},
		{0.01, 3, true, []float64{0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2}},
		{1.2, 2.9, true, []float64{1.5, 2, 2.5}},
	} {
		if got := ticks(c.low, c.high, c.logarithmic); !slices.Equal(got, c.want) {
			t.Errorf("from %v to %v: %v, want %v", c.low, c.high, got, c.want)
		}
	}
	if list := ticks(1, math.Inf(1), true); len(list) != 309 { // 10⁰ to 10³⁰⁸
		t.Errorf("an endless axis has %d ticks", len(list))
	}
	for step, want := range map[int]float64{0: 125, 100: 250, 999: 1000} {
		if got := horizon(step, 1000); got != want {
			t.Errorf("at step %d of 1000 the axis ends at %v, want %v", step, got, want)
		}
	}
}
