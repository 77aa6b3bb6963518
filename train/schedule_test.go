package train

import (
	"math"
	"testing"
)

// rates is the learning rate of every step.
func rates(s Schedule, base float64, epochs, per int) (all []float32) {
	for i := range epochs * per {
		all = append(all, s.Rate(base, i, epochs, per))
	}
	return all
}

// The table that a device gets, of which the last rate counts for all later
// steps, is as long as it has to be and says the same as Rate.
func TestRateTable(t *testing.T) {
	for _, c := range []struct {
		s    Schedule
		want int
	}{
		{Schedule{}, 1}, {Schedule{Warmup: 2}, 2*7 + 1}, {Schedule{Kind: Cosine}, 5 * 7}, {Schedule{Kind: OneCycle, Warmup: 1}, 5 * 7},
		{Schedule{Kind: StepSchedule, StepFactor: 0.1}, 5 * 7},
	} {
		table := c.s.table(0.1, 5, 7)
		if len(table) != c.want {
			t.Errorf("%v: %d rates, want %d", c.s, len(table), c.want)
		}
		for i, rate := range rates(c.s, 0.1, 5, 7) {
			if got := table[min(i, len(table)-1)]; got != rate {
				t.Errorf("%v: step %d has %v in the table, want %v", c.s, i, got, rate)
			}
		}
	}
	if table := (Schedule{Warmup: 1}).table(0.1, 1<<24, 100); len(table) != 101 {
		t.Errorf("a long constant schedule keeps %d rates", len(table))
	}
}

func TestRates(t *testing.T) {
	step := Schedule{Kind: StepSchedule, StepEpochs: 2, StepFactor: 0.5}
	for _, c := range []struct {
		name   string
		s      Schedule
		epochs int
		per    int
		want   []float64
	}{
		{"constant", Schedule{}, 2, 2, []float64{1, 1, 1, 1}},
		{"warm-up", Schedule{Warmup: 1}, 2, 4, []float64{0.25, 0.5, 0.75, 1, 1, 1, 1, 1}},
		{"step", step, 5, 1, []float64{1, 1, 0.5, 0.5, 0.25}},
		{"step in thirds", Schedule{Kind: StepSchedule, StepFactor: 0.1}, 3, 1, []float64{1, 0.1, 0.01}},
		{"cosine", Schedule{Kind: Cosine}, 4, 1, []float64{1, (1 + math.Sqrt2/2) / 2, 0.5, (1 - math.Sqrt2/2) / 2}},
		{"cosine after warm-up", Schedule{Kind: Cosine, Warmup: 1}, 3, 2, []float64{0.5, 1, 1, (1 + math.Sqrt2/2) / 2, 0.5, (1 - math.Sqrt2/2) / 2}},
	} {
		got := rates(c.s, 2, c.epochs, c.per)
		if len(got) != len(c.want) {
			t.Errorf("%s: %d rates, want %d", c.name, len(got), len(c.want))
			continue
		}
		for i, w := range c.want {
			if !(math.Abs(float64(got[i])-2*w) < 1e-6) {
				t.Errorf("%s: rate %d is %v, want %v", c.name, i, got[i], 2*w)
			}
		}
	}
}

func TestOneCycleRisesThenFalls(t *testing.T) {
	r := rates(Schedule{Kind: OneCycle}, 1, 10, 100)
	top := 0
	for i, v := range r {
		if v > r[top] {
			top = i
		}
	}
	if top != 300 || r[top] != 1 {
		t.Errorf("greatest rate %v at step %d, want 1 at 300", r[top], top)
	}
	if r[0] != 0.04 || r[999] > 1e-4 || !(r[999] > 0) {
		t.Errorf("goes from %v to %v, want 0.04 to nearly 0", r[0], r[999])
	}
	for i := 1; i < len(r); i++ {
		if (i <= top) != (r[i] > r[i-1]) {
			t.Fatalf("step %d: %v after %v", i, r[i], r[i-1])
		}
	}
}

func TestParseSchedule(t *testing.T) {
	for _, name := range ScheduleNames() {
		s, err := ParseSchedule(name)
		if err != nil || s.String() != name {
			t.Errorf("ParseSchedule(%q) = %v, %v", name, s, err)
		}
	}
	if _, err := ParseSchedule("exponential"); err == nil {
		t.Error("an unknown schedule is no error")
	}
}
