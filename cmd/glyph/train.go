package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glyph"
	"glyph/internal/message"
	"glyph/models"
	"glyph/runs"
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

func (f *trainFlags) run(cmd *cobra.Command) error {
	if err := f.readResume(cmd); err != nil {
		return err
	}
	if err := readConfig(cmd); err != nil {
		return err
	}
	// Everything a user can get wrong is checked before anything is started.
	opt, err := f.options()
	if err != nil {
		return err
	}
	spec, err := f.net.spec()
	if err != nil {
		return err
	}
	start, err := f.start(&spec)
	if err != nil {
		return err
	}
	if err := f.data.check(); err != nil {
		return err
	}
	if err := f.backend.check(); err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	var run *liveRun
	if f.out == "" {
		f.out = newRunName(spec.Model)
	}
	if f.out != noRun {
		note := ""
		if run, note, err = takeRun(f.out, f.resume != ""); err != nil {
			return err
		}
		defer run.close()
		run.every = f.save
		if note != "" {
			fmt.Fprintln(out, note)
		}
	}
	data, err := f.data.open(cmd.Context(), f.seed)
	if err != nil {
		return err
	}
	if err := cmd.Context().Err(); err != nil {
		return errors.New("interrupted before training began; nothing was saved")
	}
	dev, err := f.backend.open()
	if err != nil {
		return err
	}
	defer dev.Close() //nolint:errcheck // Sync has told of device errors
	net, err := models.New(dev, spec, opt.Batch)
	if err != nil {
		return err
	}
	net.Init(f.seed)
	if start != nil {
		if err := net.SetWeights(start.Tensors); err != nil {
			return fmt.Errorf("--weights %s: %w", f.weights, err)
		}
		data.Mean, data.Scale = start.Mean, start.Scale
	}

	announce(out, dev, data, spec, net, opt)
	ctx, cancel := context.WithCancel(cmd.Context())
	defer cancel()
	abort, press := inTwoSteps(cmd.Context())
	view := newLive(out, fmt.Sprintf("%s on %s", spec.Model, dev.title()), data.Train.Len(), cancel, press)
	say := train.Callbacks{}
	if view != nil {
		defer view.close()
	} else {
		say = newMeter(out, cmd.ErrOrStderr(), data.Train.Len()).callbacks()
	}
	var from *train.State
	var saving train.Saving
	if run != nil {
		note, err := run.begin(net, data, opt, dev.title(), dev.arithmetic())
		if err != nil {
			return err
		}
		if note != "" {
			fmt.Fprintln(out, note)
		}
		if from = run.state(); from == nil {
			err = run.writeConfig(cmd, dev, start)
		} else {
			fmt.Fprintf(out, "resumed  %s, %s\n", f.out, from.Where(opt.Epochs))
		}
		if err != nil {
			return err
		}
		say, saving = run.watch(say)
	}
	if view != nil {
		say, saving = view.callbacks(say, saving, from)
	} else {
		defer context.AfterFunc(ctx, func() { fmt.Fprintf(cmd.ErrOrStderr(), "\n%s\n", stopping) })()
		defer context.AfterFunc(abort, func() { fmt.Fprintf(cmd.ErrOrStderr(), "\n%s\n", skipping) })()
	}
	result, err := train.Resume(ctx, train.Training{
		Backend: dev, Net: net, Data: data.Data, Options: opt, From: from, Abort: abort, Callbacks: say, Saving: saving,
	})
	if view != nil {
		view.close()
	}
	if errors.Is(err, context.Canceled) && abort.Err() != nil {
		f.sayUnevaluated(out, run)
		return errInterrupted
	}
	if err != nil {
		var broken *train.NotFinite
		if run != nil && errors.As(err, &broken) {
			err = errors.Join(err, run.fail(err))
		}
		return err
	}
	s := summarise(dev, data, spec, net, opt, result)
	if err := f.finish(cmd.Context(), out, dev, run, s); err != nil {
		return err
	}
	if result.Stopped == train.Interrupted {
		return errInterrupted
	}
	return nil
}

// sayUnevaluated tells where a training stands that a second Ctrl-C has ended.
func (f *trainFlags) sayUnevaluated(out io.Writer, run *liveRun) {
	if run == nil {
		fmt.Fprintln(out, "stopped without an evaluation; nothing was kept")
		return
	}
	fmt.Fprintf(out, "stopped without an evaluation; resume with: %s\n", message.Shell("glyph", "train", "--resume", f.out))
}

func announce(out io.Writer, dev device, data loaded, spec models.Spec, net *models.Sequential, opt train.Options) {
	if dev.note != "" {
		fmt.Fprintln(out, dev.note)
	}
	fmt.Fprintf(out, "data     %s\n", data.line())
	if !opt.Augment.IsZero() {
		fmt.Fprintf(out, "augment  %v\n", opt.Augment)
	}
	fmt.Fprintf(out, "model    %s, %s parameters\n", spec.Model, message.Thousands(net.ParamCount()))
	fmt.Fprintf(out, "backend  %s\n", dev.title())
}

// finish reports, saves and prints the JSON.
func (f *trainFlags) finish(ctx context.Context, out io.Writer, dev device, run *liveRun, s runs.Summary) error {
	if s.Stopped != train.RanToEnd {
		fmt.Fprintf(out, "stopped in epoch %d of %d: %s\n", s.Epochs, f.epochs, s.Stopped.Sentence(train.Options{Patience: f.patience}))
	}
	fmt.Fprintf(out, "test     loss %.4f, accuracy %.2f %% of %s images; trained in %s, %s images/s\n",
		s.TestLoss, 100*s.TestAccuracy, message.Thousands(s.TestImages), message.Duration(time.Duration(s.Seconds*float64(time.Second))), message.Thousands(int(s.ImagesPerSecond)))
	if run != nil {
		if err := run.end(&s); err != nil {
			return err
		}
		next := "evaluate it with: glyph eval " + f.out
		if s.Stopped == train.Interrupted {
			next = "go on with: glyph train --resume " + f.out
		}
		fmt.Fprintf(out, "saved    %s; %s\n", f.out, next)
		if f.report && s.Stopped != train.Interrupted {
			kept, err := runs.OpenWeights(f.out)
			if err != nil {
				return err
			}
			path, err := writeReport(ctx, dev, kept, run.data.name, run.board)
			if err != nil {
				return fmt.Errorf("the run is saved, its report is not: %w", err)
			}
			fmt.Fprintf(out, "report   %s\n", path)
		}
	}
	if f.json {
		line, err := json.Marshal(s)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\n", line)
	}
	return nil
}
