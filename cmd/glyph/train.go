package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glyph/settings"
	"glyph/train"
)

// trainFlags are the flags of glyph train, and the keys of its --config.
type trainFlags struct {
	set     settings.Training
	net     netFlags
	data    dataFlags
	augment augmentFlags
	backend backendFlags
	weights string
	out     string
	resume  string
	save    time.Duration
	report  bool
	json    bool
}

func newTrain() *cobra.Command {
	var f trainFlags
	cmd := &cobra.Command{
		Use:   "train",
		Short: "Train a network and evaluate it on the test set",
		Example: `  glyph train --model cnn --epochs 12 --lr 0.01 --optimizer momentum --out runs/cnn
  glyph train --limit 1000 --augment --epochs 200 --batch 32 --optimizer adamw --lr 0.002 --schedule one-cycle --label-smoothing 0.1
  glyph train --data DIR --model mlp --hidden 256,128 --validation 0.1 --patience 3
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
	f.addSettings(flags, func(settings.Setting) bool { return true })
	flags.StringVar(&f.weights, "weights", "", "start from the weights of `RUN`, or of a weights file, and with its network and normalisation")
	f.backend.add(flags, "auto")
	bind(flags, &f.set, settings.Of(settings.Course))
	flags.StringVar(&f.out, "out", "", "keep the run in `DIR`; none keeps nothing (default runs/TIME-MODEL)")
	flags.StringVar(&f.resume, "resume", "", "resume the run in `DIR`, as if it had never stopped")
	flags.DurationVar(&f.save, "checkpoint", 5*time.Minute, "save a checkpoint inside an epoch after so much time, beside that of each epoch; 0 never does")
	flags.BoolVar(&f.report, "report", true, "write report.html and TensorBoard's pictures at the end")
	flags.BoolVar(&f.json, "json", false, "print one JSON object, and everything else on standard error")
}

// addSettings adds the flags of the settings that are wanted of the network, the
// data, the augmentation and the optimisation.
func (f *trainFlags) addSettings(flags *pflag.FlagSet, wanted func(settings.Setting) bool) {
	f.set = settings.Default()
	f.net.set, f.data.set, f.augment.set = &f.set, &f.set, &f.set
	some := func(g settings.Group) []settings.Setting {
		return slices.DeleteFunc(settings.Of(g), func(s settings.Setting) bool { return !wanted(s) })
	}
	f.net.add(flags)
	f.data.add(flags)
	bind(flags, &f.set, some(settings.Data))
	f.augment.add(flags)
	bind(flags, &f.set, some(settings.Optimisation))
}

// options are the settings of the training, checked.
func (f *trainFlags) options() (train.Options, error) {
	set := f.set
	set.Augment = f.augment.augmentation()
	opt, err := set.Options()
	opt.KeepBest = set.Validation > 0
	switch {
	case err != nil:
		return opt, flagged(err)
	case set.Patience > 0 && set.Validation == 0:
		return opt, errors.New("--patience needs --validation: early stopping watches the validation set, never the test set")
	case f.save < 0:
		return opt, fmt.Errorf("--checkpoint must be 0 or more, not %v", f.save)
	}
	return opt, nil
}
