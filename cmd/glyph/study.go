package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/progress"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/message"
	"glyph/kmnist"
	"glyph/study"
)

// studyFlags are the flags of glyph study.
type studyFlags struct {
	trialFlags
	seeds int
	quick bool
}

func newStudy() *cobra.Command {
	var f studyFlags
	cmd := &cobra.Command{
		Use:   "study [NAME | FILE.toml]...",
		Short: "Put the findings about MLPs and CNNs on KMNIST to the test",
		Long: `Run experiments, all or those named, and report on them: tables with confidence
intervals, figures, and whether each finding holds, by a statistical test. A
FILE.toml describes an experiment of your own: docs/study.md has one.

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
  glyph study FILE.toml --seeds 5 --out runs/mine
  glyph study --shard "$SLURM_ARRAY_TASK_ID/8" --out "parts/$SLURM_ARRAY_TASK_ID"
  glyph study merge parts/* --out runs/study`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, names []string) error { return f.run(cmd, names) },
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	f.addWhat(fs)
	fs.IntVar(&f.seeds, "seeds", 3, "trainings of each configuration")
	fs.BoolVar(&f.quick, "quick", false, "fewer images, epochs and learning rates: a few minutes, to see that everything works")
	f.addWhich(fs, "keep results and the report in `DIR` (default runs/study, with --quick runs/study-quick)")
	cmd.AddCommand(newStudyList(), newStudyMerge(), newStudyReport())
	return cmd
}

// check makes the plan's settings of the flags.
func (f *studyFlags) check(cmd *cobra.Command, names []string) (study.Scope, study.Shard, []study.Experiment, error) {
	scope := study.Scope{Quick: f.quick, Seeds: f.seeds}
	experiments, err := chooseExperiments(names)
	if err != nil {
		return scope, study.Shard{}, nil, err
	}
	if scope.Seeds < 1 || scope.Seeds > study.MaxSeeds {
		return scope, study.Shard{}, nil, fmt.Errorf("--seeds must be from 1 to %d, not %d", study.MaxSeeds, scope.Seeds)
	}
	usual := "runs/study"
	if f.quick {
		usual += "-quick"
	}
	shard, err := f.trialFlags.check(cmd, usual)
	return scope, shard, experiments, err
}

func (f *studyFlags) run(cmd *cobra.Command, names []string) error {
	scope, shard, experiments, err := f.check(cmd, names)
	if err != nil {
		return err
	}
	source, err := openData(cmd.Context(), f.data, "", kmnist.PictureOptions{})
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
		terminal.Say(out, "%s", trials.Note)
	}
	terminal.Say(out, "data     %s: %s, %s", data.Source, message.Count(data.Train, "training image"), message.Count(data.Test, "test image"))
	terminal.Say(out, "backend  %s; %s at once", trials.Title(), message.Count(trials.Parallel, "trial"))
	terminal.Say(out, "study    %s", plan.Describe(shard, trials.Parallel))

	show := progress.NewStudy(out, cmd.ErrOrStderr())
	err = study.Run(cmd.Context(), plan, store, study.Options{
		Open: trials.Open, Parallel: trials.Parallel, Shard: shard, Session: study.NewSession(trials.Name, trials.Hardware, trials.Parallel, shard),
		Gradients: func() (study.Gradients, error) { return gradients(cmd.Context()) }, Progress: show.Progress,
		Lost: lost(trials, show, cmd.ErrOrStderr()),
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
				terminal.Fold(out, 13, fmt.Sprintf("%-12s %s", e.Name, e.Question))
				for _, s := range e.Claims {
					number := "   "
					if s.Finding > 0 {
						number = fmt.Sprintf("%2d ", s.Finding)
					}
					terminal.Fold(out, 17, fmt.Sprintf("             %s %s", number, s.Says))
				}
			}
			fmt.Fprintln(out, "\nThe numbers are those of the findings:")
			for _, f := range study.Findings() {
				terminal.Fold(out, 4, fmt.Sprintf("%2d  %s", f.Number, f.Says))
			}
			return nil
		},
	}
}
