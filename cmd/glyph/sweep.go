package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/progress"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/message"
	"glyph/kmnist"
	"glyph/study"
	"glyph/study/file"
	"glyph/study/space"
)

// sweepFlags are the flags of glyph sweep.
type sweepFlags struct {
	settings flags.Sweep
	halving  bool
	eta, min int
	json     bool
	trials   trialFlags

	out io.Writer // for text
}

func newSweep() *cobra.Command {
	var f sweepFlags
	cmd := &cobra.Command{
		Use:   "sweep [FILE.toml]",
		Short: "Train with many combinations of settings, and rank them on held-out images",
		Long: `Train a network with every combination of the values given, once per seed, and
rank the combinations by the mean accuracy on the images held out (--validation).
The test set takes no part. Every setting of glyph train takes several values:

  --lr 0.03,0.1              two values
  --seed 1..5                whole numbers from 1 to 5; seeds are repetitions
  --hidden 128/256,64        two networks: one layer of 128, and layers of 256 and 64;
                             --hidden 128 --hidden 256,64 is the same, and
                             --hidden 256,64 alone is one network
  --lr log:0.001..0.1        a range to draw from, evenly in the logarithm
  --dropout 0/0.2/0.5        lists have / between them
  --label-smoothing 0..0.2   a range to draw from

--random N draws N combinations instead of trying all. --halving trains all for a
few epochs and only the best for more (successive halving, Jamieson & Talwalkar
2016). FILE.toml has the same names as keys; flags win over it.

Each finished training is saved in --out at once. After an interruption the same
command resumes, and with more values it runs only the new trainings. --shard 3/8
runs the third of eight parts; merge them with glyph sweep merge.`,
		Example: `  glyph sweep --model mlp --lr 0.03,0.1 --hidden 128/256/256,128 --seed 1..5 --out runs/widths
  glyph sweep --optimizer adam --lr log:0.0003..0.03 --batch 32,64,128 --random 20 --halving --epochs 9
  glyph sweep FILE.toml --shard "$SLURM_ARRAY_TASK_ID/8" --out "parts/$SLURM_ARRAY_TASK_ID"
  glyph sweep merge parts/* --out runs/sweep
  glyph sweep lr-range --model mlp --optimizer momentum`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return errors.New("want one file at most: glyph sweep FILE.toml")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	f.settings.Add(fs)
	fs.BoolVar(&f.halving, "halving", false, "successive halving: train all for a few epochs, then the best for more, up to --epochs")
	fs.IntVar(&f.eta, "eta", 3, "with --halving: one in `N` goes on, for N times the epochs")
	fs.IntVar(&f.min, "min-epochs", 1, "with --halving: the fewest `epochs` of a training")
	f.trials.addWhat(fs)
	f.trials.addWhich(fs, "keep results and the leaderboard in `DIR` (default runs/sweep)")
	fs.BoolVar(&f.json, "json", false, "print the leaderboard as one JSON object, and everything else to standard error")
	cmd.AddCommand(newSweepMerge(), newSweepReport(), newRange())
	return cmd
}

// spec is what the flags and the file ask for, checked without the data.
func (f *sweepFlags) spec(cmd *cobra.Command, axes map[string]space.Axis) (spec study.SweepSpec, err error) {
	if spec.Space, err = f.settings.Space(axes); err != nil {
		return spec, err
	}
	fs := cmd.Flags()
	switch {
	case f.halving && f.eta < 2:
		return spec, fmt.Errorf("--eta must be at least 2, not %d", f.eta)
	case f.halving && f.min < 1:
		return spec, fmt.Errorf("--min-epochs must be at least 1, not %d", f.min)
	case f.halving:
		spec.Halving = &study.Halving{Eta: f.eta, Min: f.min}
	case fs.Changed("eta"):
		return spec, errors.New("--eta belongs to --halving, which is missing")
	case fs.Changed("min-epochs"):
		return spec, errors.New("--min-epochs belongs to --halving, which is missing")
	}
	// The points are made without the data first, so that errors in them are reported
	// before it is read.
	_, err = study.NewSweep(spec, study.Data{})
	return spec, sweepError(err)
}

// sweepError is an error in a sweep's settings, with the flag to blame.
func sweepError(err error) error {
	var point *study.PointError
	if errors.As(err, &point) {
		return &study.PointError{Point: point.Point, Err: flags.Named(point.Err)}
	}
	if err != nil {
		return fmt.Errorf("the sweep can't be made: %w", err)
	}
	return nil
}

// read reads the file of the arguments, if there is one. Its settings are returned,
// and its other keys set the flags that the command line does not.
func (f *sweepFlags) read(cmd *cobra.Command, args []string) (map[string]space.Axis, error) {
	if len(args) == 0 {
		return nil, nil
	}
	text, err := readFile(args[0])
	if err != nil {
		return nil, err
	}
	s, err := file.ReadSweep(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", message.Quote(args[0]), err)
	}
	for name, value := range s.Flags {
		if cmd.Flags().Changed(name) {
			continue
		}
		if err := cmd.Flags().Set(name, value); err != nil {
			return nil, fmt.Errorf("%s: %w", message.Quote(args[0]), s.Fail(name, err))
		}
	}
	return s.Axes, nil
}

func (f *sweepFlags) run(cmd *cobra.Command, args []string) error {
	axes, err := f.read(cmd, args)
	if err != nil {
		return err
	}
	f.out = cmd.OutOrStdout()
	if f.json {
		f.out = cmd.ErrOrStderr()
	}
	shard, err := f.trials.check(cmd, "runs/sweep")
	if err != nil {
		return err
	}
	if f.json && shard.Count > 1 {
		return errors.New("--json prints the leaderboard, which a shard does not have; merge the shards with glyph sweep merge --json")
	}
	spec, err := f.spec(cmd, axes)
	if err != nil {
		return err
	}
	f.sayLists(cmd)
	source, err := openData(cmd.Context(), f.trials.data, "", kmnist.PictureOptions{})
	if err != nil {
		return err
	}
	sweep, err := study.NewSweep(spec, study.DataOf(source))
	if err == nil {
		err = sweep.Check()
	}
	if err != nil {
		return sweepError(err)
	}
	store, err := study.OpenSweep(f.trials.out, sweep)
	if err != nil {
		return fmt.Errorf("--out %w", err)
	}
	defer store.Close() //nolint:errcheck // every line is on the disk already
	if err := f.train(cmd, sweep, store, shard); err != nil {
		return err
	}
	if shard.Count > 1 {
		fmt.Fprintf(f.out, "shard    %s is complete in %s; merge all shards with: glyph sweep merge DIR... --out DIR\n", shard, message.Quote(f.trials.out))
		return nil
	}
	return sweepReport(cmd, f.out, f.json, f.trials.out, f.trials.data, sweep, store.Results)
}

// train runs the trainings that are missing.
func (f *sweepFlags) train(cmd *cobra.Command, sweep *study.Sweep, store *study.Store, shard study.Shard) error {
	trials, err := f.trials.backend.Trials(f.trials.parallel)
	if err != nil {
		return err
	}
	defer trials.Close() //nolint:errcheck // each training has reported device errors
	if trials.Note != "" {
		terminal.Say(f.out, "%s", trials.Note)
	}
	terminal.Say(f.out, "data     %s: %s", sweep.Data.Source, message.Count(sweep.Data.Train, "training image"))
	terminal.Say(f.out, "backend  %s; %s at once", trials.Title(), message.Count(trials.Parallel, "training"))
	terminal.Say(f.out, "sweep    %s", sweep.Describe(shard, trials.Parallel))
	if len(sweep.Varied()) == 0 && len(sweep.Seeds) == 1 {
		terminal.Say(f.out, "note     nothing is varied; give a setting several values, such as --lr 0.03,0.1")
	}
	if points, epochs := sweep.Rungs(); len(points) > 1 {
		for i := range points {
			fmt.Fprintf(f.out, "         %s for %s\n", message.Count(points[i], "combination"), message.Count(epochs[i], "epoch"))
		}
	}
	show := progress.NewStudy(f.out, cmd.ErrOrStderr())
	show.Name = sweep.LabelOf
	err = study.RunSweep(cmd.Context(), sweep, store, study.Options{
		Open: trials.Open, Parallel: trials.Parallel, Shard: shard, Progress: show.Progress, Lost: lost(trials, show, cmd.ErrOrStderr()),
		Session: study.NewSession(trials.Name, trials.Hardware, trials.Parallel, shard),
	})
	show.Clear()
	if errors.Is(err, context.Canceled) {
		fmt.Fprintf(cmd.ErrOrStderr(), "interrupted: %s of %s finished and kept in %s; run the same command again to resume\n",
			message.Thousands(show.Done), message.Count(show.Of, "training"), message.Quote(f.trials.out))
		return errInterrupted
	}
	return err
}

// sayLists prints a note if one list of numbers was taken as one value, since lists of
// values of other settings look like that.
func (f *sweepFlags) sayLists(cmd *cobra.Command) {
	for _, name := range f.settings.OneList() {
		text := f.settings.Text(name)
		fmt.Fprintf(cmd.ErrOrStderr(), "note: --%s %s is one network with several layers; values to compare have / between them, as in --%[1]s 128/256,64\n", name, message.Quote(text))
	}
}
