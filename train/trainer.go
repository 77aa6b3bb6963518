package train

import (
	"context"
	"errors"
	"fmt"
	"time"

	"glyph"
	"glyph/models"
)

// Progress is where a training stands.
type Progress struct {
	Epoch, Epochs   int // Epoch counts from 1
	Samples, Of     int // of this epoch
	Loss, Accuracy  float64
	ImagesPerSecond float64
	Left            time.Duration // of the whole training, without evaluations
}

// Epoch is the record of an epoch.
type Epoch struct {
	Epoch              int     `json:"epoch"`  // from 1
	Images             int     `json:"images"` // trained on: fewer than there are where it was interrupted
	LR                 float32 `json:"lr"`     // of its last step
	TrainLoss          float64 `json:"train_loss"`
	TrainAccuracy      float64 `json:"train_accuracy"`
	ValidationLoss     float64 `json:"holdout_loss,omitempty"`
	ValidationAccuracy float64 `json:"holdout_accuracy,omitempty"`
	ImagesPerSecond    float64 `json:"images_per_second"`
}

// Result is what a training came to. Losses are means over samples; the
// training loss is the cost that was minimised, with the L2 penalty, averaged
// over the steps of the last epoch while the weights moved.
type Result struct {
	Epochs  []Epoch
	Test    Evaluation
	Best    int           // the epoch whose weights were kept, from 1
	Stopped string        // why it ended before its last epoch, or ""
	Took    time.Duration // training steps, without evaluations
	Images  int           // trained on, all epochs together
}

// Interrupted is Result.Stopped when the context was cancelled.
const Interrupted = "interrupted"

// Sample is a step that a training stopped after, its gradients still in the
// network.
type Sample struct {
	Step            int // from 0, over all epochs
	Loss, Accuracy  float64
	ImagesPerSecond float64
}

// Callbacks are told how a training goes; any may be nil. Step is called for
// every step in order, some time after it: step counts from 0 over all epochs.
// Sample is called after each SampleEvery steps of an epoch.
//
// Due is asked several times a second, and after each epoch (with true), whether
// to save; Save then gets the state, which is its own. When a training ends or
// is interrupted it saves in any case. An error of Save ends it.
type Callbacks struct {
	Step        func(step int, loss, accuracy float64)
	Sample      func(Sample)
	SampleEvery int
	Progress    func(Progress)
	Epoch       func(Epoch)
	Due         func(epochEnds bool) bool
	Save        func(*State) error

	// Abort, once it is done, ends evaluations too: those of the validation set and
	// of the test set, after which the training returns its error. nil never is.
	Abort context.Context
}

// evaluating is the context of evaluations.
func (c Callbacks) evaluating() context.Context {
	if c.Abort == nil {
		return context.Background()
	}
	return c.Abort
}

// trainer is a training in progress.
type trainer struct {
	b          glyph.Backend
	net        *models.Sequential
	opt        Options
	train      *pass
	validation *evaluator
	lr         glyph.Tensor
	penalty    glyph.Tensor // zero without L2
	before     snapshot
	result     Result
}

// Run trains the network on the data and evaluates it on the test set. When
// ctx is cancelled it finishes the steps in flight, evaluates and returns what
// there is, with Stopped set and no error. The error of a loss that is not
// finite is a *NotFinite.
func Run(ctx context.Context, b glyph.Backend, net *models.Sequential, data Data, opt Options, say Callbacks) (Result, error) {
	return Resume(ctx, b, net, data, opt, nil, say)
}

// Resume is Run from a state on: with the options and the data that the state
// was saved under, the training ends as if it had never stopped, to the bit. A
// nil state is the beginning.
func Resume(ctx context.Context, b glyph.Backend, net *models.Sequential, data Data, opt Options, from *State, say Callbacks) (Result, error) {
	if err := opt.Validate(); err != nil {
		return Result{}, err
	}
	if err := data.Validate(); err != nil {
		return Result{}, err
	}
	if err := data.fits(net); err != nil {
		return Result{}, err
	}
	if data.Train.Len() == 0 {
		return Result{}, errors.New("there are no training images")
	}
	if _, _, err := opt.Steps(data.Train.Len()); err != nil {
		return Result{}, err
	}
	if err := opt.Augment.Fits(data.Train.Shape); err != nil {
		return Result{}, err
	}
	if opt.Batch > net.Batch() {
		return Result{}, fmt.Errorf("a batch of %d on a network made for %d", opt.Batch, net.Batch())
	}
	if opt.Patience > 0 && data.Validation.Len() == 0 {
		return Result{}, errors.New("early stopping needs a validation set to watch")
	}
	t := newTrainer(b, net, data, opt)
	if err := t.run(ctx, from, say); err != nil {
		return t.result, err
	}
	if data.Test.Len() > 0 {
		test := newEvaluator(b, net, data.Test, data)
		var err error
		if t.result.Test, err = test.run(say.evaluating()); err != nil {
			return t.result, err
		}
	}
	return t.result, b.Sync()
}

func newTrainer(b glyph.Backend, net *models.Sequential, data Data, opt Options) *trainer {
	set := upload(b, data.Train, data.Mean, data.Scale)
	t := &trainer{b: b, net: net, opt: opt, train: newPass(b, net, set, opt.Batch, data.Classes)}
	t.train.smoothing, t.train.augment, t.train.seed = float32(opt.Smoothing), opt.Augment, opt.Seed
	if opt.Rule.L2 > 0 {
		t.penalty = glyph.NewTensor(b, glyph.Shape{1})
	}
	rates := opt.Schedule.table(opt.LR, opt.Epochs, t.train.steps())
	t.lr = glyph.NewTensor(b, glyph.Shape{len(rates)})
	b.Write(t.lr, rates)
	net.AllocMoments(opt.Rule)
	net.SetClock(t.train.clock, opt.Seed)
	t.before = newSnapshot(b, net)
	if data.Validation.Len() > 0 {
		t.validation = newEvaluator(b, net, data.Validation, data)
	}
	return t
}

// run trains epoch after epoch.
func (t *trainer) run(ctx context.Context, from *State, say Callbacks) error {
	keep := newBest(t.b, t.net, t.opt.Patience)
	first := 0
	if from != nil {
		if err := t.resume(from, keep); err != nil {
			return err
		}
		if first = from.Epoch; from.Done {
			first = t.opt.Epochs
		}
	}
	for e := first; e < t.opt.Epochs && t.result.Stopped == ""; e++ {
		t.train.begin(e*t.train.steps(), t.order(e))
		if from != nil && e == first {
			t.train.goOn(from.tally())
		}
		if err := t.epoch(ctx, e, keep, say); err != nil {
			return err
		}
	}
	t.result.Best = keep.restore(len(t.result.Epochs))
	return nil
}

// order is the order of an epoch's images.
func (t *trainer) order(epoch int) []int32 {
	order := make([]int32, t.train.set.Len())
	for i := range order {
		order[i] = int32(i)
	}
	glyph.NewRand(t.opt.Seed, glyph.StreamOrder, uint32(epoch)).Shuffle(order)
	return order
}

// epoch walks the training images once, or what is left of them.
func (t *trainer) epoch(ctx context.Context, e int, keep *best, say Callbacks) error {
	before, start := t.result, time.Now()
	done := t.train.done
	save := func(sum tally) error {
		state, err := t.state(e, sum, keep)
		if err != nil {
			return err
		}
		return say.Save(state)
	}
	t.train.each, t.train.every = say.Step, 0
	if say.Sample != nil {
		t.train.every = say.SampleEvery
	}
	sum, bad, err := t.train.walk(ctx, t.step, t.before.take, func(sum tally) error {
		t.result.Took = before.Took + time.Since(start)
		t.result.Images = before.Images + sum.samples - done.samples
		if t.train.every > 0 && sum.steps%t.train.every == 0 {
			speed := float64(sum.samples-done.samples) / time.Since(start).Seconds()
			say.Sample(Sample{e*t.train.steps() + sum.steps - 1, t.train.last.loss, t.train.last.accuracy, speed})
		}
		if say.Progress != nil {
			say.Progress(t.progress(e, sum, sum.samples-done.samples, time.Since(start)))
		}
		if sum.steps < t.train.steps() && say.Due != nil && say.Save != nil && say.Due(false) {
			return save(sum)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case bad != nil:
		return t.locate(e, *bad)
	case sum.steps < t.train.steps() && say.Save != nil:
		if err := save(sum); err != nil {
			return err
		}
	}
	if sum.steps == done.steps { // interrupted before anything was done
		t.result.Stopped = Interrupted
		return nil
	}
	record := Epoch{
		Epoch: e + 1, Images: sum.samples, LR: t.rate(e, sum.steps),
		TrainLoss: sum.loss, TrainAccuracy: sum.accuracy(),
		ImagesPerSecond: float64(t.result.Images-before.Images) / (t.result.Took - before.Took).Seconds(),
	}
	if t.validation != nil {
		eval, err := t.validation.run(say.evaluating())
		if err != nil {
			return err
		}
		record.ValidationLoss, record.ValidationAccuracy = eval.Loss, eval.Accuracy
	}
	t.result.Epochs = append(t.result.Epochs, record)
	if say.Epoch != nil {
		say.Epoch(record)
	}
	switch {
	case sum.steps < t.train.steps():
		t.result.Stopped = Interrupted
		return nil
	case t.validation != nil && keep.worse(record):
		t.result.Stopped = fmt.Sprintf("the validation loss did not fall for %d epochs", t.opt.Patience)
	case ctx.Err() != nil && e+1 < t.opt.Epochs:
		t.result.Stopped = Interrupted
	}
	over := t.result.Stopped != "" || e+1 == t.opt.Epochs
	if say.Save == nil || !over && (say.Due == nil || !say.Due(true)) {
		return nil
	}
	state, err := t.state(e+1, tally{}, keep)
	if err != nil {
		return err
	}
	if state.Done = over && t.result.Stopped != Interrupted; state.Done {
		state.Stopped = t.result.Stopped
	}
	return say.Save(state)
}

// step asks for the operations of one training step on n samples.
func (t *trainer) step(n int) {
	b, p := t.b, t.train
	_, target := p.gather(n)
	logits := t.net.Forward(n, true)
	loss, hits := p.loss.Head(n), p.hits.Head(n)
	b.SoftmaxCrossEntropy(loss, hits, t.net.DLogits(n), logits, target)
	t.net.Backward(n)
	if !t.penalty.IsZero() {
		b.L2(t.penalty, t.net.W.Head(t.net.Weights), t.opt.Rule.L2)
	}
	b.Optimize(t.net.W, t.net.M, t.net.V, t.net.G, t.lr, p.clock, t.net.Weights, t.opt.Rule)
	b.Advance(p.clock, p.log, loss, hits, t.penalty)
}

// rate is the learning rate of the last of so many steps of an epoch.
func (t *trainer) rate(epoch, steps int) float32 {
	return t.opt.Schedule.Rate(t.opt.LR, epoch*t.train.steps()+steps-1, t.opt.Epochs, t.train.steps())
}

// progress is where the epoch stands after sum, of which the last so many
// samples took that long.
func (t *trainer) progress(epoch int, sum tally, samples int, took time.Duration) Progress {
	speed := float64(samples) / took.Seconds()
	n := t.train.set.Len()
	left := float64((t.opt.Epochs-epoch)*n-sum.samples) / speed
	return Progress{
		Epoch: epoch + 1, Epochs: t.opt.Epochs, Samples: sum.samples, Of: n,
		Loss: sum.loss, Accuracy: sum.accuracy(), ImagesPerSecond: speed,
		Left: time.Duration(left * float64(time.Second)),
	}
}
