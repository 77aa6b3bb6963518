package train

import (
	"context"
	"errors"
	"fmt"
	"time"

	"glyph"
	"glyph/models"
)

// Progress is how far a training has come.
type Progress struct {
	Epoch, Epochs   int // Epoch counts from 1
	Samples, Of     int // of this epoch
	Loss, Accuracy  float64
	ImagesPerSecond float64
	Left            time.Duration // of the whole training, without evaluations
}

// Epoch is the record of an epoch.
type Epoch struct {
	Epoch           int     // from 1
	Images          int     // trained on: fewer than there are if it was interrupted
	LR              float32 // of its last step
	TrainLoss       float64
	TrainAccuracy   float64
	Validation      *Score // nil without a validation set
	ImagesPerSecond float64
}

// Score is the result of an evaluation: the mean cross-entropy in nats, and the
// fraction of images classified correctly.
type Score struct{ Loss, Accuracy float64 }

// Result is the outcome of a training. Losses are means over samples; the
// training loss is the cost that was minimised, with the L2 penalty, averaged
// over the steps of the last epoch, while the weights were changing.
type Result struct {
	Epochs  []Epoch
	Test    Evaluation
	Best    int           // the epoch whose weights are in the network now, from 1
	Stopped StopReason    // why it ended before its last epoch
	Took    time.Duration // training steps, without evaluations
	Images  int           // trained on, all epochs together
}

// Sample is a step that a training stopped after, its gradients still in the
// network.
type Sample struct {
	Step            int // from 0, over all epochs
	Loss, Accuracy  float64
	ImagesPerSecond float64
}

// Inside is what a training computes with, for one who looks on from the same device
// and changes nothing.
type Inside struct {
	Net    *models.Network
	Set    glyph.Dataset // the training images
	Labels []uint8       // of them
	Log    glyph.Tensor  // a ring, as glyph.Operations.Advance writes it
	Clock  glyph.Ints
	Steps  int // of an epoch
	From   int // the step that the training begins with: 0 unless it resumes
}

// Callbacks report on a training; any may be nil. Begin is called once, before the first
// step; its error ends the training. Step is called for
// every step in order, some time after it: step counts from 0 over all epochs.
// Sample is called after each SampleEvery steps of an epoch. During Epoch the network
// has the weights that were evaluated: their average, where Options.Average is set.
type Callbacks struct {
	Begin       func(Inside) error
	Step        func(step int, loss, accuracy float64)
	Sample      func(Sample)
	SampleEvery int
	Progress    func(Progress)
	Epoch       func(Epoch)
}

// Saving decides when a training is saved, and saves it; the zero Saving never
// does. Due is asked whether to save several times a second, and after each epoch
// (with true). Save then gets the state, and may keep it; the network has the weights
// that an evaluation would see. A training that ends or is interrupted is saved in
// any case. An error from Save ends the training.
type Saving struct {
	Due  func(epochEnds bool) bool
	Save func(*State) error
}

// Training is everything that a training depends on, and its callbacks.
type Training struct {
	Backend glyph.Backend
	Net     *models.Network // built on the backend, for batches of Options.Batch at least
	Data    Data
	Options Options
	From    *State // what it resumes; nil is the beginning

	// Abort, once it is done, ends evaluations too: those of the validation set and
	// of the test set, after which the training returns its error. nil never is.
	Abort context.Context

	Callbacks Callbacks
	Saving    Saving

	// Gate, where it is not nil, is asked before each chunk of steps how many of n may
	// be taken. It may wait, until ctx is done at the latest, and returns from 1 to n, or
	// 0 if ctx is done. The time that it waits does not count as time of the training.
	Gate func(ctx context.Context, n int) int
}

// evaluating is the context of evaluations.
func (r Training) evaluating() context.Context {
	if r.Abort == nil {
		return context.Background()
	}
	return r.Abort
}

// validate reports what does not fit together.
func (r Training) validate() error {
	if err := r.Options.Validate(); err != nil {
		return err
	}
	if err := r.Data.Validate(); err != nil {
		return err
	}
	if err := r.Data.fits(r.Net); err != nil {
		return err
	}
	if r.Data.Train.Len() == 0 {
		return errors.New("there are no training images")
	}
	if _, _, err := r.Options.Steps(r.Data.Train.Len()); err != nil {
		return err
	}
	if err := r.Options.Augment.Fits(r.Data.Train.Shape); err != nil {
		return err
	}
	if r.Options.Batch > r.Net.Batch() {
		return fmt.Errorf("a batch of %d does not fit a network built for batches of %d", r.Options.Batch, r.Net.Batch())
	}
	if (r.Options.Patience > 0 || r.Options.KeepBest) && r.Data.Validation.Len() == 0 {
		return errors.New("early stopping, and keeping the best weights, need a validation set to watch")
	}
	return nil
}
