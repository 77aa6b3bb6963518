package main

import (
	"errors"
	"fmt"
	"os"

	"glyph"
	"glyph/cpu"
	"glyph/internal/message"
	"glyph/models"
	"glyph/train"
)

// summary is what a training came to, as --json prints it and summary.json
// keeps it.
type summary struct {
	Data             string        `json:"data"`        // kmnist, synthetic or the directory
	DataSource       string        `json:"data_source"` // in a sentence
	TrainImages      int           `json:"train_images"`
	ValidationImages int           `json:"holdout_images"`
	TestImages       int           `json:"test_images"`
	Model            string        `json:"model"`
	Spec             models.Spec   `json:"spec"`
	Parameters       int           `json:"parameters"`
	Backend          string        `json:"backend"`
	Device           string        `json:"device"`
	Kernels          string        `json:"kernels,omitempty"` // of the CPU backend
	Optimizer        string        `json:"optimizer"`
	LR               float64       `json:"lr"`
	Schedule         string        `json:"schedule"`
	Batch            int           `json:"batch"`
	Epochs           int           `json:"epochs"` // done
	BestEpoch        int           `json:"best_epoch"`
	Stopped          string        `json:"stopped,omitempty"`
	Seconds          float64       `json:"seconds"` // of training steps, without evaluations
	ImagesPerSecond  float64       `json:"images_per_second"`
	TrainLoss        float64       `json:"train_loss"`
	TrainAccuracy    float64       `json:"train_accuracy"`
	TestLoss         float64       `json:"test_loss"`
	TestAccuracy     float64       `json:"test_accuracy"`
	Confusion        [][]int       `json:"confusion"` // [label][prediction]
	Seed             uint64        `json:"seed"`
	Weights          string        `json:"weights,omitempty"` // the file that was evaluated
	History          []train.Epoch `json:"history"`

	Smoothing float64             `json:"smoothing,omitempty"` // of the labels
	Augment   *glyph.Augmentation `json:"augment,omitempty"`   // of the training images
}

func summarise(dev device, data loaded, spec models.Spec, net *models.Sequential, opt train.Options, r train.Result) summary {
	s := summary{
		Data: data.name, DataSource: data.source,
		TrainImages: data.Train.Len(), ValidationImages: data.Validation.Len(), TestImages: data.Test.Len(),
		Model: spec.Model, Spec: spec, Parameters: net.ParamCount(),
		Backend: dev.kind, Device: dev.name,
		Optimizer: opt.Rule.String(), LR: opt.LR, Schedule: opt.Schedule.String(), Batch: opt.Batch,
		Epochs: len(r.Epochs), BestEpoch: r.Best, Stopped: r.Stopped, Seconds: r.Took.Seconds(),
		TestLoss: r.Test.Loss, TestAccuracy: r.Test.Accuracy, Confusion: r.Test.Confusion,
		Seed: opt.Seed, History: r.Epochs, Smoothing: opt.Smoothing,
	}
	if dev.kind == "cpu" {
		s.Kernels = cpu.Kernel()
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
	return s
}

// writable makes the directory and tries to write in it, so that a long
// training does not end at a closed door.
func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("--out %s: %v; choose a directory you may write to", dir, message.Cause(err))
	}
	f, err := os.CreateTemp(dir, ".glyph-*")
	if err != nil {
		return fmt.Errorf("--out %s: %v; choose a directory you may write to", dir, message.Cause(err))
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
