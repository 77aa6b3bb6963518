package main

import (
	"glyph/device"
	"glyph/models"
	"glyph/runs"
	"glyph/train"
)

// summarise is the summary of a training.
func summarise(dev device.Device, data loaded, spec models.Spec, net *models.Sequential, opt train.Options, r train.Result) runs.Summary {
	s := runs.Summary{
		Data: data.name, DataSource: data.source,
		TrainImages: data.Train.Len(), ValidationImages: data.Validation.Len(), TestImages: data.Test.Len(),
		Model: spec.Model, Spec: spec, Parameters: net.ParamCount(),
		Backend: dev.Kind, Device: dev.Hardware, Kernels: dev.Kernels(),
		Optimizer: opt.Rule.String(), LR: opt.LR, Schedule: opt.Schedule.String(), Batch: opt.Batch,
		Epochs: len(r.Epochs), BestEpoch: r.Best, Stopped: r.Stopped, Seconds: r.Took.Seconds(),
		TestLoss: r.Test.Loss, TestAccuracy: r.Test.Accuracy, Confusion: r.Test.Confusion,
		Seed: opt.Seed, History: runs.Epochs(r.Epochs), Smoothing: opt.Smoothing,
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
