package study

import (
	"context"
	"errors"
	"fmt"
	"time"

	"glyph"
	"glyph/internal/message"
	"glyph/models"
	"glyph/train"
)

// evaluationBatch is how many images a network is built for at least: an
// evaluation in small batches would be slow.
const evaluationBatch = 256

// do trains and evaluates. It returns the context's error soon after that is
// cancelled; half a trial is not a result.
func do(ctx context.Context, b glyph.Backend, t Trial, data train.Data) (Result, error) {
	if t.Tuning != nil {
		return tune(ctx, b, t, data)
	}
	start := time.Now()
	r := Result{ID: t.ID(), Trial: t}
	opt, err := t.Options(t.Rate, t.Seed)
	if err != nil {
		return r, err
	}
	spec := t.Spec
	shape := data.Train.Shape
	spec.Input, spec.Classes = []int{shape[0], shape[1], shape[2]}, data.Classes
	net, err := models.New(b, spec, max(t.Batch, evaluationBatch))
	if err != nil {
		return r, err
	}
	net.Init(t.Seed)
	r.Parameters = net.ParamCount()
	var say train.Callbacks
	var norms *probe
	if t.Norms {
		norms = newProbe(b, net, data, t.Seed)
		norms.measure(0)
		say.Epoch = func(e train.Epoch) { norms.measure(e.Epoch) }
	}
	// The training does not get the test set, so that an interruption does not
	// evaluate on it.
	training := data
	training.Test = train.Set{}
	result, err := train.Run(ctx, b, net, training, opt, say)
	if err == nil && ctx.Err() == nil {
		var e train.Evaluation
		e, err = t.evaluate(ctx, b, net, data)
		r.Accuracy, r.Loss = e.Accuracy, e.Loss
	}
	if ctx.Err() != nil {
		return r, ctx.Err()
	}
	var broken *train.NotFinite
	switch {
	case errors.As(err, &broken):
		r.Diverged, r.Accuracy, r.Loss = broken.Error(), 1/float64(data.Classes), 0
	case err != nil:
		return r, fmt.Errorf("%s: %w", t, err)
	case norms != nil && norms.err != nil:
		return r, norms.err
	}
	if norms != nil {
		r.Norms = norms.norms
	}
	if n := len(result.Epochs); n > 0 {
		r.TrainAccuracy, r.TrainLoss = result.Epochs[n-1].TrainAccuracy, result.Epochs[n-1].TrainLoss
	}
	r.clock(result, start)
	return r, nil
}

// clock notes how fast a training was.
func (r *Result) clock(result train.Result, start time.Time) {
	r.Images = result.Images
	if s := result.Took.Seconds(); s > 0 {
		r.ImagesPerSecond = float64(result.Images) / s
	}
	r.Seconds = time.Since(start).Seconds()
}

// evaluate evaluates the trained network on the test set.
func (t Trial) evaluate(ctx context.Context, b glyph.Backend, net *models.Network, data train.Data) (train.Evaluation, error) {
	if t.Views == 0 {
		return train.Evaluate(ctx, b, net, data)
	}
	p, err := models.NewPredictor(b, net, data.Mean, data.Scale)
	if err != nil {
		return train.Evaluation{}, err
	}
	e := models.Ensemble{Members: []*models.Predictor{p}, Shift: t.Views, Sure: models.DefaultSure}
	return train.EvaluateTogether(ctx, &e, data.Test, net.Batch())
}

// String is the trial in a line.
func (t Trial) String() string {
	text := fmt.Sprintf("%s, %s images, batch %d, lr %v", t.Spec, message.Thousands(t.Images), t.Batch, t.Rate)
	if !t.Augment.IsZero() {
		text += ", " + t.Augment.String()
	}
	if t.Views > 0 {
		text += fmt.Sprintf(", views %d px", t.Views)
	}
	if t.Average > 0 {
		text += fmt.Sprintf(", ema %v", t.Average)
	}
	if t.Tuning != nil {
		return fmt.Sprintf("%s, %s, seed %d", text, message.Count(t.Settings.Epochs, "epoch"), t.Seed)
	}
	if t.Validation {
		return fmt.Sprintf("%s, on validation set %d", text, t.Seed+1)
	}
	return fmt.Sprintf("%s, seed %d", text, t.Seed)
}
