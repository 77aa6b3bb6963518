package train

import (
	"errors"
	"fmt"
	"time"

	"glyph"
)

// State is a training between two steps: together with the options and the data it
// determines the rest of the training, so a training that resumes from it ends
// with the same bits as one that never stopped. Random numbers need no state:
// they are a function of the seed and the step.
type State struct {
	Epoch  int  // the current one, from 0
	Steps  int  // of it, done
	Sums   Sums // over those steps
	Epochs []Epoch

	BestLoss  float64 // of the best epoch so far; see Options.KeepBest
	BestEpoch int     // 0 where none is kept

	Seconds float64    // of training steps so far
	Images  int        // trained on so far
	Done    bool       // no steps remain
	Stopped StopReason // why the training ended here, if epochs remain

	W    []float32 // parameters and statistics
	M, V []float32 // the update rule's moments, nil where it has none
	Best []float32 // the best parameters so far, nil where none are kept

	Average []float32 // the moving average of W, nil where there is none
}

// Sums is the totals of an epoch's steps so far.
type Sums struct {
	Loss    float64 // mean of the samples
	Hits    int
	Samples int
}

// Where says how far the training has come, out of that many epochs.
func (s *State) Where(epochs int) string {
	switch {
	case s.Done:
		return "whose training is over"
	case s.Steps == 0:
		return fmt.Sprintf("after epoch %d of %d", s.Epoch, epochs)
	}
	return fmt.Sprintf("in epoch %d of %d, after %d of its images", s.Epoch+1, epochs, s.Sums.Samples)
}

// tally is the sums to resume from.
func (s *State) tally() tally {
	return tally{loss: s.Sums.Loss, hits: s.Sums.Hits, samples: s.Sums.Samples, steps: s.Steps}
}

// state reads the training's state from the device: what a checkpoint holds.
func (t *trainer) state(epoch int, sum tally) (*State, error) {
	s := &State{
		Epoch: epoch, Steps: sum.steps, Sums: Sums{sum.loss, sum.hits, sum.samples},
		Epochs: append([]Epoch(nil), t.result.Epochs...), BestEpoch: t.keep.epoch,
		Seconds: t.result.Took.Seconds(), Images: t.result.Images,
	}
	if t.keep.epoch > 0 {
		s.BestLoss = t.keep.loss
	}
	for _, p := range []struct {
		to   *[]float32
		from glyph.Tensor
		want bool
	}{{&s.W, t.net.W, true}, {&s.M, t.net.M, !t.net.M.IsZero()}, {&s.V, t.net.V, !t.net.V.IsZero()}, {&s.Best, t.keep.w, t.keep.epoch > 0}, {&s.Average, t.average.w, !t.average.w.IsZero()}} {
		if !p.want {
			continue
		}
		*p.to = make([]float32, p.from.Size())
		if err := t.b.Read(*p.to, p.from); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// resume writes a state to the device, and the work done so far into the result.
func (t *trainer) resume(s *State) error {
	if s.Epoch < 0 || s.Epoch > t.opt.Epochs || s.Steps < 0 || s.Steps > t.train.steps() || len(s.Epochs) != s.Epoch {
		return fmt.Errorf("the state is of epoch %d, step %d, and the training has %d epochs of %d steps", s.Epoch+1, s.Steps, t.opt.Epochs, t.train.steps())
	}
	for _, p := range []struct {
		name string
		from []float32
		to   glyph.Tensor
	}{{"parameters", s.W, t.net.W}, {"first moments", s.M, t.net.M}, {"second moments", s.V, t.net.V}, {"averaged parameters", s.Average, t.average.w}} {
		if len(p.from) != p.to.Size() {
			return fmt.Errorf("the state has %d %s, and the training %d", len(p.from), p.name, p.to.Size())
		}
		if len(p.from) > 0 {
			t.b.Write(p.to, p.from)
		}
	}
	if s.Best != nil {
		if len(s.Best) != t.keep.w.Size() {
			return errors.New("the state has best parameters, which this training does not keep")
		}
		t.b.Write(t.keep.w, s.Best)
		t.keep.loss, t.keep.epoch = s.BestLoss, s.BestEpoch
	} else if !t.keep.w.IsZero() && s.Epoch > 0 {
		return errors.New("the state lacks the best parameters, which this training keeps")
	}
	t.result.Epochs = append([]Epoch(nil), s.Epochs...)
	t.result.Took = time.Duration(s.Seconds * float64(time.Second))
	t.result.Images = s.Images
	if s.Done {
		t.result.Stopped = s.Stopped
	}
	return t.b.Sync()
}
