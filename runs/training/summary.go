package training

import (
	"glyph/runs"
	"glyph/train"
)

// summary is what the training came to.
func (t *Training) summary(r train.Result) *runs.Summary {
	opt := t.Options
	s := &runs.Summary{
		Data: t.Data.Name, DataSource: t.Data.Source,
		TrainImages: t.Images.Train.Len(), ValidationImages: t.Images.Validation.Len(), TestImages: t.Images.Test.Len(),
		Model: t.Spec.Model, Spec: t.Spec, Parameters: t.Net.ParamCount(),
		Backend: t.Device.Kind, Device: t.Device.Hardware, Kernels: t.Device.Kernels(),
		Optimizer: opt.Rule.String(), LR: opt.LR, Schedule: opt.Schedule.String(), Batch: opt.Batch,
		Epochs: len(r.Epochs), BestEpoch: r.Best, Stopped: r.Stopped, Seconds: r.Took.Seconds(),
		TestLoss: r.Test.Loss, TestAccuracy: r.Test.Accuracy, Confusion: r.Test.Confusion,
		Seed: opt.Seed, History: runs.Epochs(r.Epochs), Smoothing: opt.Smoothing, Average: opt.Average,
	}
	balanced := train.BalancedAccuracy(r.Test.Confusion)
	s.TestBalancedAccuracy = &balanced
	for _, c := range t.Classes {
		s.Classes = append(s.Classes, c.String())
	}
	if !opt.Augment.IsZero() {
		s.Augment = &opt.Augment
	}
	if s.Seconds > 0 {
		s.ImagesPerSecond = float64(r.Images) / s.Seconds
	}
	if len(r.Epochs) > 0 {
		last := r.Epochs[len(r.Epochs)-1]
		s.TrainLoss, s.TrainAccuracy = last.TrainLoss, last.TrainAccuracy
	}
	if best := s.Best(); best != nil {
		s.ValidationLoss, s.ValidationAccuracy = best.ValidationLoss, best.ValidationAccuracy
	}
	return s
}
