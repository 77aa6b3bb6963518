package study

import "time"

// ratio is measured over estimated seconds.
type ratio struct{ measured, estimated float64 }

// learn notes what a trial took.
func (r *runner) learn(t Trial, seconds float64) {
	m := r.measured[t.Model]
	if m == nil {
		m = new(ratio)
		r.measured[t.Model] = m
	}
	m.measured += seconds
	m.estimated += r.of.cost(t)
}

// count finds how many trials there are, are done, and how much is left.
func (r *runner) count() {
	r.done, r.all, r.left = 0, 0, map[string]float64{}
	r.store.mu.Lock()
	defer r.store.mu.Unlock()
	r.agenda.each(r.store.Results, func(t Trial, done bool) {
		r.all++
		if done {
			r.done++
		} else {
			r.left[t.Model] += r.of.cost(t)
		}
	})
	if r.gradients {
		r.all++
		if r.store.Gradients != nil {
			r.done++
		}
	}
}

// say reports progress. The remaining time is estimated from how the trials so far,
// of the same model if there are some, compare with their estimates.
func (r *runner) say(result *Result) {
	if r.Progress == nil {
		return
	}
	var all ratio
	for _, m := range r.measured {
		all.measured += m.measured
		all.estimated += m.estimated
	}
	seconds := 0.0
	for model, left := range r.left {
		m := r.measured[model]
		if m == nil {
			m = &all
		}
		if m.estimated > 0 {
			left *= m.measured / m.estimated
		}
		seconds += left
	}
	seconds /= float64(max(1, r.Parallel))
	r.Progress(Progress{r.done, r.all, time.Duration(seconds * float64(time.Second)), result})
}
