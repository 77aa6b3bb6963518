package train

import (
	"errors"

	"glyph"
	"glyph/models"
)

// Stepper takes training steps and does nothing else: no epochs, no reading, no
// evaluation. It is for measuring what a step costs. Batches go through the
// training images in order, again and again.
type Stepper struct{ t *trainer }

// NewStepper prepares the training of a network. The options' epochs, schedule
// and patience do not matter.
func NewStepper(b glyph.Backend, net *models.Network, data Data, opt Options) (*Stepper, error) {
	if err := errors.Join(data.Validate(), data.fits(net), opt.Augment.Fits(data.Train.Shape)); err != nil {
		return nil, err
	}
	opt.Epochs, opt.Schedule, opt.Patience, opt.KeepBest = 1, Schedule{}, 0, false
	if err := opt.Validate(); err != nil {
		return nil, err
	}
	if n := min(net.Batch(), data.Train.Len()); opt.Batch > n {
		return nil, errors.New("the batch is larger than the network or the data")
	}
	data.Validation = Set{}
	s := &Stepper{newTrainer(b, net, data, opt)}
	order := make([]int32, data.Train.Len())
	for i := range order {
		order[i] = int32(i)
	}
	s.t.train.begin(0, order)
	return s, b.Sync()
}

// Take asks for n steps; Sync of the backend waits for them.
func (s *Stepper) Take(n int) {
	s.t.b.Repeat(n, func() { s.t.step(s.t.opt.Batch) })
}

// Step asks for one step's operations once, to be counted or recorded.
func (s *Stepper) Step() { s.t.step(s.t.opt.Batch) }
