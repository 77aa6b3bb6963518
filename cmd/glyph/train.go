package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glyph"
	"glyph/train"
)

// trainFlags are the flags of glyph train, and the keys of its --config.
type trainFlags struct {
	net      netFlags
	data     dataFlags
	augment  augmentFlags
	backend  backendFlags
	weights  string
	rule     string
	lr       float64
	momentum float64
	decay    float64
	schedule string
	warmup   int
	smooth   float64
	batch    int
	epochs   int
	seed     uint64
	patience int
	out      string
	resume   string
	save     time.Duration
	report   bool
	json     bool
}

func newTrain() *cobra.Command {
	var f trainFlags
	cmd := &cobra.Command{
		Use:   "train",
		Short: "Train a network and evaluate it on the test set",
		Example: `  glyph train --model cnn --epochs 12 --lr 0.01 --optimizer momentum --out runs/cnn
  glyph train --limit 1000 --augment --epochs 200 --batch 32 --optimizer adamw --lr 0.002 --schedule one-cycle --smoothing 0.1
  glyph train --data DIR --model mlp --hidden 256,128 --holdout 0.1 --patience 3
  glyph train --resume runs/cnn`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	cmd.Flags().SortFlags = false
	f.add(cmd.Flags())
	addConfig(cmd)
	return cmd
}

func (f *trainFlags) add(flags *pflag.FlagSet) {
	f.net.add(flags)
	f.data.add(flags)
	f.augment.add(flags)
	flags.StringVar(&f.weights, "weights", "", "start from the weights of `RUN`, or of a weights file, and with its network and normalisation")
	flags.StringVar(&f.rule, "optimizer", "sgd", "update rule: "+list(glyph.OptimizerNames()))
	flags.Float64Var(&f.lr, "lr", 0.01, "learning rate")
	flags.Float64Var(&f.momentum, "momentum", 0.9, "momentum of the rules momentum and nesterov")
	flags.Float64Var(&f.decay, "weight-decay", 0.01, "weight decay of the rule adamw")
	flags.StringVar(&f.schedule, "schedule", "constant", "learning-rate schedule: "+list(train.ScheduleNames()))
	flags.IntVar(&f.warmup, "warmup", 0, "`epochs` of linear warm-up before the schedule")
	flags.Float64Var(&f.smooth, "smoothing", 0, "label smoothing")
	flags.IntVar(&f.batch, "batch", 64, "images a step")
	flags.Uint64Var(&f.seed, "seed", 1, "seed of the initial weights, the batch order, dropout and augmentation")
	f.backend.add(flags, "auto")
	flags.IntVar(&f.epochs, "epochs", 10, "passes over the training images")
	flags.IntVar(&f.patience, "patience", 0, "stop after so many `epochs` without a lower validation loss, and keep the best weights; 0 never stops")
	flags.StringVar(&f.out, "out", "", "keep the run in `DIR`; none keeps nothing (default runs/TIME-MODEL)")
	flags.StringVar(&f.resume, "resume", "", "go on with the run in `DIR`, as if it had never stopped")
	flags.DurationVar(&f.save, "checkpoint", 5*time.Minute, "save a checkpoint inside an epoch after so much time, beside that of each epoch; 0 never does")
	flags.BoolVar(&f.report, "report", true, "write report.html and TensorBoard's pictures at the end")
	flags.BoolVar(&f.json, "json", false, "print one JSON object as the last line")
}

// options are the settings of the training, checked.
func (f *trainFlags) options() (train.Options, error) {
	rule, err := glyph.ParseOptimizer(f.rule)
	if err != nil {
		return train.Options{}, fmt.Errorf("--optimizer: %v", err)
	}
	if _, err := train.ParseSchedule(f.schedule); err != nil {
		return train.Options{}, fmt.Errorf("--schedule: %v", err)
	}
	schedule, _ := train.ParseSchedule(f.schedule)
	schedule.Warmup = f.warmup
	if m, _ := rule.Moments(); m && rule.Momentum > 0 {
		rule.Momentum = float32(f.momentum)
	}
	if rule.Kind == glyph.AdamW {
		rule.WeightDecay = float32(f.decay)
	}
	rule.L2 = float32(f.net.l2)
	opt := train.Options{
		Epochs: f.epochs, Batch: f.batch, Rule: rule, LR: f.lr, Schedule: schedule,
		Smoothing: f.smooth, Augment: f.augment.augmentation(), Seed: f.seed, Patience: f.patience,
		KeepBest: f.data.validation > 0,
	}
	if err := opt.Validate(); err != nil {
		return opt, fmt.Errorf("--%v", err)
	}
	if f.patience > 0 && f.data.validation == 0 {
		return opt, errors.New("--patience needs --holdout: early stopping watches the validation set, never the test set")
	}
	return opt, nil
}
