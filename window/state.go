package window

import (
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
