package study

import (
	"context"
	"errors"
	"fmt"
	"time"

	"glyph"
	"glyph/models"
	"glyph/train"
)

// tune runs a trial of a sweep: the same training as glyph train with these settings,
// bit for bit, but without the evaluation on the test set.
func tune(ctx context.Context, b glyph.Backend, t Trial, data train.Data) (Result, error) {
	start := time.Now()
	r := Result{ID: t.ID(), Trial: t}
	opt, err := t.training().Options()
	if err != nil {
		return r, err
	}
	opt.KeepBest = true
	spec, shape := t.Spec, data.Train.Shape
	spec.Input, spec.Classes = []int{shape[0], shape[1], shape[2]}, data.Classes
	net, err := models.New(b, spec, t.Batch)
	if err != nil {
		return r, err
	}
	net.Init(t.Seed)
	r.Parameters = net.ParamCount()
	result, err := train.Resume(ctx, train.Training{Backend: b, Net: net, Data: data, Options: opt, Abort: ctx})
	if ctx.Err() != nil {
		return r, ctx.Err()
	}
	var broken *train.NotFinite
	switch {
	case errors.As(err, &broken):
		r.Diverged, r.Accuracy = broken.Error(), 1/float64(data.Classes)
	case err != nil:
		return r, fmt.Errorf("%s: %w", t, err)
	default:
		best := result.Epochs[result.Best-1]
		r.Accuracy, r.Loss = best.Validation.Accuracy, best.Validation.Loss
		r.TrainAccuracy, r.TrainLoss = best.TrainAccuracy, best.TrainLoss
		r.Best, r.Epochs = result.Best, len(result.Epochs)
	}
	r.clock(result, start)
	return r, nil
}
