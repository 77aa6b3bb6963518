package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/progress"
	"glyph/internal/message"
	"glyph/study"
)

// studyFlags are the flags of glyph study.
type studyFlags struct {
	data     string
	backend  flags.Backend
	seeds    int
	quick    bool
	out      string
	shard    string
	from     int
	parallel int
}

func newStudy() *cobra.Command {
	var f studyFlags
	cmd := &cobra.Command{
		Use:   "study [NAME...]",
		Short: "Put the findings about MLPs and CNNs on KMNIST to the test",
		Long: `Run experiments, all or those named, and report on them: tables with confidence
intervals, figures, and whether each finding holds, by a statistical test.

Every configuration is trained at a few learning rates on part of its training
images and evaluated on the rest; at the best rate it is then trained on all of
them once per seed, and evaluated on the test set after the last epoch.

Each finished trial is saved in --out at once. After an interruption the same
command resumes; with more --seeds it runs only the new trials. --shard 3/8
runs the third of eight parts; give each part a directory of its own, and merge
them with glyph study merge.`,
		Example: `  glyph study --quick --out runs/quick
  glyph study --data DIR --seeds 5 --out runs/study
  glyph study hidden batch --out runs/two
  glyph study --shard "$SLURM_ARRAY_TASK_ID/8" --out "parts/$SLURM_ARRAY_TASK_ID"
  glyph study merge parts/* --out runs/study`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, names []string) error { return f.run(cmd, names) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.data, "data", "auto", "auto (KMNIST, else synthetic), kmnist, synthetic, or a `directory` with four files in MNIST's format")
	f.backend.Add(flags, "auto")
	flags.IntVar(&f.seeds, "seeds", 3, "trainings of each configuration")
	flags.BoolVar(&f.quick, "quick", false, "fewer images, epochs and learning rates: a few minutes, to see that everything works")
	flags.StringVar(&f.out, "out", "", "keep results and the report in `DIR` (default runs/study, with --quick runs/study-quick)")
	flags.StringVar(&f.shard, "shard", "", "do part `i/n` of the trials, i from 1 to n (see --shard-from), and write no report")
	flags.IntVar(&f.from, "shard-from", 1, "number of the first shard: 1, or 0 for schedulers that count from 0")
	flags.IntVar(&f.parallel, "parallel", 0, "trials at once (default: one for each processor with the cpu, 1 with the gpu)")
	cmd.AddCommand(newStudyList(), newStudyMerge(), newStudyReport())
	return cmd
}

// maxParallel is the most trials at once: each has a network of its own.
const maxParallel = 1024

// check makes the plan's settings of the flags.
func (f *studyFlags) check(cmd *cobra.Command, names []string) (study.Scope, study.Shard, []study.Experiment, error) {
	scope := study.Scope{Quick: f.quick, Seeds: f.seeds}
	shard := study.Shard{Count: 1}
	experiments, err := study.Select(study.Experiments(), names)
	switch {
	case err != nil:
	case f.data == "":
		err = errors.New("--data is empty: want auto, kmnist, synthetic or a directory")
	case scope.Seeds < 1 || scope.Seeds > study.MaxSeeds:
		err = fmt.Errorf("--seeds must be from 1 to %d, not %d", study.MaxSeeds, scope.Seeds)
	case f.parallel < 0:
		err = fmt.Errorf("--parallel must be at least 1 trial, not %d", f.parallel)
	case f.parallel > maxParallel:
		err = fmt.Errorf("--parallel must be at most %d trials, not %d", maxParallel, f.parallel)
	case f.from != 0 && f.from != 1:
		err = fmt.Errorf("--shard-from must be 0 or 1, not %d", f.from)
	case cmd.Flags().Changed("shard"):
		if shard, err = study.ParseShard(f.shard, f.from); err != nil {
			err = fmt.Errorf("--shard: %w", err)
		}
	}
	if f.out == "" {
		f.out = "runs/study"
		if f.quick {
			f.out += "-quick"
		}
	}
	return scope, shard, experiments, errors.Join(err, f.backend.Check())
}

func (f *studyFlags) run(cmd *cobra.Command, names []string) error {
	scope, shard, experiments, err := f.check(cmd, names)
	if err != nil {
		return err
	}
	source, err := openData(cmd.Context(), f.data, "")
	if err != nil {
		return err
	}
	data := study.DataOf(source)
	plan, err := study.NewPlan(experiments, data, scope)
	if err != nil {
		return err
	}
	trials, err := f.backend.Trials(f.parallel)
	if err != nil {
		return err
	}
	defer trials.Close() //nolint:errcheck // each trial has reported device errors
	store, err := study.OpenStore(f.out, plan)
	if err != nil {
		return fmt.Errorf("--out %w", err)
	}
	defer store.Close() //nolint:errcheck // every line is on the disk already

	out := cmd.OutOrStdout()
	if trials.Note != "" {
		fmt.Fprintln(out, trials.Note)
	}
	fmt.Fprintf(out, "data     %s: %s, %s\n", data.Source, message.Count(data.Train, "training image"), message.Count(data.Test, "test image"))
	fmt.Fprintf(out, "backend  %s, %s; %s at once\n", trials.Name, trials.Hardware, message.Count(trials.Parallel, "trial"))
	fmt.Fprintf(out, "study    %s\n", plan.Describe(shard, trials.Parallel))

	show := progress.NewStudy(out, cmd.ErrOrStderr())
	err = study.Run(cmd.Context(), plan, store, study.Options{
		Open: trials.Open, Parallel: trials.Parallel, Shard: shard, Session: study.NewSession(trials.Name, trials.Hardware, trials.Parallel, shard),
		Gradients: func() (study.Gradients, error) { return gradients(cmd.Context()) }, Progress: show.Progress,
	})
	show.Clear()
	if errors.Is(err, context.Canceled) {
		fmt.Fprintf(cmd.ErrOrStderr(), "interrupted: %s of %s finished and kept in %s; run the same command again to resume\n",
			message.Thousands(show.Done), message.Count(show.Of, "trial"), message.Quote(f.out))
		return errInterrupted
	}
	if err != nil {
		return err
	}
	if shard.Count > 1 {
		fmt.Fprintf(out, "shard    %s is complete in %s; merge all shards with: glyph study merge DIR... --out DIR\n", shard, message.Quote(f.out))
		return nil
	}
	return studyReport(out, f.out, store.Contents)
}

// gradients is glyph gradcheck for a study.
func gradients(ctx context.Context) (study.Gradients, error) {
	results, err := checkGradients(ctx)
	g := study.Gradients{}
	for _, r := range results {
		g.Checks = append(g.Checks, study.GradientCheck{Name: r.Name, Error: r.Error})
	}
	return g, err
}

func newStudyList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the experiments, and what each puts to the test",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out := cmd.OutOrStdout()
			for _, e := range study.Experiments() {
				fmt.Fprintf(out, "%-12s %s\n", e.Name, e.Question)
				for _, s := range e.Claims {
					number := "   "
					if s.Finding > 0 {
						number = fmt.Sprintf("%2d ", s.Finding)
					}
					fmt.Fprintf(out, "             %s %s\n", number, s.Says)
				}
			}
			fmt.Fprintln(out, "\nThe numbers are those of the findings:")
			for _, f := range study.Findings() {
				fmt.Fprintf(out, "%2d  %s\n", f.Number, f.Says)
			}
			return nil
		},
	}
}
