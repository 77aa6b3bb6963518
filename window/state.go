package window

import (
	"context"
	"math"
	"sync"

	"glyph/train"
)

// state is what the training's callbacks tell the window.
type state struct {
	mu       sync.Mutex
	progress train.Progress
	taken    int     // steps
	low      float64 // least and greatest smoothed loss so far
	high     float64
	worst    float64 // least smoothed accuracy
	loss     float64 // smoothed
	accuracy float64
	points   []point // of the validation set
}

// point is an epoch's validation, at a step.
type point struct{ step, loss, accuracy float32 }

// step takes the loss and the accuracy of a step, for the limits of the axes.
func (s *state) step(step int, loss, accuracy float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = step + 1
	const share = 0.1
	if s.high == 0 {
		s.loss, s.accuracy, s.low, s.high, s.worst = loss, accuracy, loss, loss, accuracy
	}
	s.loss += share * (loss - s.loss)
	s.accuracy += share * (accuracy - s.accuracy)
	s.low, s.high, s.worst = min(s.low, s.loss), max(s.high, s.loss), min(s.worst, s.accuracy)
}

// epoch takes the validation of an epoch.
func (s *state) epoch(e train.Epoch, steps int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := e.Validation; v != nil {
		s.points = append(s.points, point{float32(e.Epoch * steps), float32(v.Loss), float32(v.Accuracy)})
	}
}

// now is a copy.
func (s *state) now() (copied struct {
	train.Progress
	Step             int
	Low, High, Worst float64
	Points           []point
}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	copied.Progress, copied.Step = s.progress, s.taken
	copied.Low, copied.High, copied.Worst = s.low, s.high, s.worst
	copied.Points = s.points
	return copied
}

// gate holds a training between two steps.
type gate struct {
	mu      sync.Mutex
	paused  bool
	steps   int           // that may be taken while paused
	changed chan struct{} // closed at the next change
}

func newGate() *gate { return &gate{changed: make(chan struct{})} }

// pass is train.Training.Gate.
func (g *gate) pass(ctx context.Context, n int) int {
	for {
		g.mu.Lock()
		changed := g.changed
		switch {
		case !g.paused:
			g.mu.Unlock()
			return n
		case g.steps > 0:
			g.steps--
			g.mu.Unlock()
			return 1
		}
		g.mu.Unlock()
		select {
		case <-ctx.Done():
			return 0
		case <-changed:
		}
	}
}

// set changes the gate.
func (g *gate) set(change func(g *gate)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	change(g)
	close(g.changed)
	g.changed = make(chan struct{})
}

func (g *gate) toggle() { g.set(func(g *gate) { g.paused, g.steps = !g.paused, 0 }) }
func (g *gate) open()   { g.set(func(g *gate) { g.paused, g.steps = false, 0 }) }

// step pauses, and lets one step through if it was paused already.
func (g *gate) step() {
	g.set(func(g *gate) {
		if g.paused {
			g.steps++
		}
		g.paused = true
	})
}

func (g *gate) isPaused() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.paused
}

// ticks are round numbers on an axis from low to high: 1, 2 and 5 times powers of ten, of
// a logarithmic one.
func ticks(low, high float64, logarithmic bool) (list []float64) {
	if !logarithmic {
		step := math.Pow(10, math.Floor(math.Log10((high-low)/2)))
		for _, m := range []float64{1, 2, 5, 10} {
			if (high-low)/(step*m) <= 5 {
				step *= m
				break
			}
		}
		for i := math.Ceil(low/step - 1e-9); i*step <= high+1e-9*step; i++ {
			list = append(list, i*step+0) // -0 is 0
		}
		return list
	}
	few := []float64{1, 2, 5}
	switch {
	case high/low > 300:
		few = few[:1]
	case high/low < 8:
		return ticks(low, high, false)
	}
	for e := math.Floor(math.Log10(low)); e <= math.Log10(min(high, math.MaxFloat64)); e++ {
		for _, m := range few {
			if v := m * math.Pow(10, e); v >= low && v <= high {
				list = append(list, v)
			}
		}
	}
	return list
}

// horizon is the step at which the axis ends: the end of the training, or a half, a
// quarter and so on of it, as long as it is well beyond the present step.
func horizon(step, total int) float64 {
	end := float64(total)
	for end/2 > float64(step)*1.05+64 {
		end /= 2
	}
	return end
}
