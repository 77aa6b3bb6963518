package train

import (
	"context"
	"time"

	"glyph"
	"glyph/models"
)

// trainer is a training in progress.
type trainer struct {
	b          glyph.Backend
	net        *models.Network
	opt        Options
	train      *pass
	labels     []uint8 // of the training images
	validation *evaluator
	lr         glyph.Tensor
	penalty    glyph.Tensor // zero without L2
	average    *average
	before     snapshot
	keep       *best
	result     Result

	say        Callbacks
	saving     Saving
	evaluating context.Context // ends evaluations
}

// Run trains the network on the data and evaluates it on the test set. When
// ctx is cancelled it finishes the steps in flight, evaluates, and returns the
// result so far, with Stopped set and no error. If the loss becomes non-finite, the
// error is a *NotFinite.
func Run(ctx context.Context, b glyph.Backend, net *models.Network, data Data, opt Options, say Callbacks) (Result, error) {
	return Resume(ctx, Training{Backend: b, Net: net, Data: data, Options: opt, Callbacks: say})
}

// Resume is Run from a saved state: with the options and the data that the state
// was saved with, the training ends bit for bit as if it had never stopped.
func Resume(ctx context.Context, r Training) (Result, error) {
	if err := r.validate(); err != nil {
		return Result{}, err
	}
	t := newTrainer(r.Backend, r.Net, r.Data, r.Options)
	t.say, t.saving, t.evaluating = r.Callbacks, r.Saving, r.evaluating()
	t.train.gate = r.Gate
	if err := t.run(ctx, r.From); err != nil {
		return t.result, err
	}
	if r.Data.Test.Len() > 0 {
		test := newEvaluator(r.Backend, r.Net, r.Data.Test, r.Data)
		var err error
		if t.result.Test, err = test.run(t.evaluating); err != nil {
			return t.result, err
		}
	}
	return t.result, r.Backend.Sync()
}

func newTrainer(b glyph.Backend, net *models.Network, data Data, opt Options) *trainer {
	set := upload(b, data.Train, data.Mean, data.Scale)
	t := &trainer{b: b, net: net, opt: opt, train: newPass(b, net, set, opt.Batch, data.Classes), labels: data.Train.Labels}
	t.train.smoothing, t.train.augment, t.train.seed = float32(opt.Smoothing), opt.Augment, opt.Seed
	if opt.Rule.L2 > 0 {
		t.penalty = glyph.NewTensor(b, glyph.Shape{1})
	}
	rates := opt.Schedule.table(opt.LR, opt.Epochs, t.train.steps())
	t.lr = glyph.NewTensor(b, glyph.Shape{len(rates)})
	b.Write(t.lr, rates)
	net.AllocMoments(opt.Rule)
	net.SetClock(t.train.clock, opt.Seed)
	t.average = newAverage(b, net, opt)
	t.before = newSnapshot(b, net.W, net.M, net.V, t.average.w)
	if data.Validation.Len() > 0 {
		t.validation = newEvaluator(b, net, data.Validation, data)
	}
	return t
}

// run trains epoch after epoch.
func (t *trainer) run(ctx context.Context, from *State) error {
	t.keep = newBest(t.b, t.net, t.opt)
	first := 0
	if from != nil {
		if err := t.resume(from); err != nil {
			return err
		}
		if first = from.Epoch; from.Done {
			first = t.opt.Epochs
		}
	}
	if err := t.begin(from, first); err != nil {
		return err
	}
	for e := first; e < t.opt.Epochs && t.result.Stopped == RanToEnd; e++ {
		t.train.begin(e*t.train.steps(), t.order(e))
		if from != nil && e == first {
			t.train.resumeAt(from.tally())
		}
		if err := t.epoch(ctx, e); err != nil {
			return err
		}
	}
	t.average.end()
	t.result.Best = t.keep.restore(len(t.result.Epochs))
	return nil
}

// begin tells Begin what the training computes with.
func (t *trainer) begin(from *State, epoch int) error {
	if t.say.Begin == nil {
		return nil
	}
	p := t.train
	in := Inside{Net: t.net, Set: p.set, Labels: t.labels, Log: p.log, Clock: p.clock, Steps: p.steps(), From: epoch * p.steps()}
	if from != nil && !from.Done {
		in.From += from.tally().steps
	}
	return t.say.Begin(in)
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

// epoch trains on all training images once, or on those that are left, evaluates
// and saves.
func (t *trainer) epoch(ctx context.Context, e int) error {
	before, done := t.result, t.train.done
	sum, err := t.walk(ctx, e)
	if err != nil {
		return err
	}
	cut := sum.steps < t.train.steps()
	if cut && t.saving.Save != nil {
		if err := t.save(ctx, e, sum); err != nil {
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
	over := false
	if err := t.average.during(func() error { over, err = t.judge(record, cut); return err }); err != nil {
		return err
	}
	switch {
	case cut:
		t.result.Stopped = Interrupted
		return nil
	case over:
		t.result.Stopped = NoImprovement
	case ctx.Err() != nil && e+1 < t.opt.Epochs:
		t.result.Stopped = Interrupted
	}
	return t.saveEpoch(e)
}

// judge evaluates the network after an epoch, or after the part of it where it was
// cut short, and reports whether patience is over.
func (t *trainer) judge(record Epoch, cut bool) (over bool, err error) {
	if t.validation != nil {
		eval, err := t.validation.run(t.evaluating)
		if err != nil {
			return false, err
		}
		record.Validation = &Score{eval.Loss, eval.Accuracy}
	}
	t.result.Epochs = append(t.result.Epochs, record)
	if t.say.Epoch != nil {
		t.say.Epoch(record)
	}
	return !cut && t.validation != nil && t.keep.worse(record), nil
}

// walk takes the remaining steps of an epoch, and reports on them.
func (t *trainer) walk(ctx context.Context, e int) (tally, error) {
	before, done, start := t.result, t.train.done, time.Now()
	t.train.held = 0
	t.train.each, t.train.every = t.say.Step, 0
	if t.say.Sample != nil {
		t.train.every = t.say.SampleEvery
	}
	sum, bad, err := t.train.walk(ctx, t.step, t.before.take, func(sum tally) error {
		took, samples := time.Since(start)-t.train.held, sum.samples-done.samples
		t.result.Took, t.result.Images = before.Took+took, before.Images+samples
		if t.train.every > 0 && sum.steps%t.train.every == 0 {
			t.say.Sample(Sample{e*t.train.steps() + sum.steps - 1, t.train.last.loss, t.train.last.accuracy, float64(samples) / took.Seconds()})
		}
		if t.say.Progress != nil {
			t.say.Progress(t.progress(e, sum, samples, took))
		}
		if sum.steps < t.train.steps() && t.saving.Due != nil && t.saving.Save != nil && t.saving.Due(false) {
			return t.save(ctx, e, sum)
		}
		return nil
	})
	if err == nil && bad != nil {
		err = t.locate(e, *bad)
	}
	return sum, err
}

// save saves the training inside an epoch.
func (t *trainer) save(ctx context.Context, e int, sum tally) error {
	state, err := t.state(e, sum)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		state.Stopped = Interrupted
	}
	return t.average.during(func() error { return t.saving.Save(state) })
}

// saveEpoch saves the training after an epoch, if a save is due or it is the last.
func (t *trainer) saveEpoch(e int) error {
	over := t.result.Stopped != RanToEnd || e+1 == t.opt.Epochs
	if t.saving.Save == nil || !over && (t.saving.Due == nil || !t.saving.Due(true)) {
		return nil
	}
	state, err := t.state(e+1, tally{})
	if err != nil {
		return err
	}
	state.Done, state.Stopped = over && t.result.Stopped != Interrupted, t.result.Stopped
	return t.average.during(func() error { return t.saving.Save(state) })
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
		b.L2(t.penalty, t.net.W.Head(t.net.Decaying), t.opt.Rule.L2)
	}
	b.Optimize(t.net.W.Head(t.net.Trained), t.net.M, t.net.V, t.net.G, t.lr, p.clock, t.net.Decaying, t.opt.Rule)
	t.average.step(p.clock)
	b.Advance(p.clock, p.log, loss, hits, t.penalty)
}

// rate is the learning rate of the last of the given number of steps of an epoch.
func (t *trainer) rate(epoch, steps int) float32 {
	return t.opt.Schedule.Rate(t.opt.LR, epoch*t.train.steps()+steps-1, t.opt.Epochs, t.train.steps())
}

// progress is the progress of the epoch after sum, of which the last samples took
// the given time.
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
