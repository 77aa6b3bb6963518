package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glyph/backendtest"
	"glyph/backendtest/compare"
	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/device"
	"glyph/internal/message"
	"glyph/settings"
)

// compareFlags are the flags of glyph compare beyond those of a training.
type compareFlags struct {
	flags.Train
	against string
	steps   int
}

func newCompare() *cobra.Command {
	var f compareFlags
	cmd := &cobra.Command{
		Use:   "compare",
		Short: "Compare two backends, operation by operation and in a short training",
		Long: `Run two training steps of a network on two backends. Every operation is given the
same inputs on both and held to its definition in plain float64 loops: the error
is shown as a share of the bound that follows from rounding (8·u·Σ|ab| for sums
of products). Then train the network for a few steps on each and show the losses
side by side, and the speed. The first operation outside its bound is named and
the exit status is 1.`,
		Example: `  glyph compare --model cnn
  glyph compare --model mlp --hidden 64 --backend cpu --data synthetic`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := flags.ReadConfig(cmd, trainNames()...); err != nil {
				return err
			}
			return f.run(cmd)
		},
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	f.AddSettings(fs, func(s settings.Setting) bool { return !slices.Contains(notCompared, s.Name) })
	f.Backend.Add(fs, "gpu")
	fs.StringVar(&f.against, "against", "cpu64", "the second backend: cpu64 (float64, the oracle) or cpu")
	fs.IntVar(&f.steps, "steps", 20, "steps of the short training")
	flags.AddConfig(cmd)
	for name, value := range map[string]string{"batch": "16", "data": "synthetic"} {
		flag := fs.Lookup(name)
		flag.DefValue = value
		flag.Value.Set(value) //nolint:errcheck // a value the flag takes
	}
	return cmd
}

// notCompared are the settings of a training that two steps have no use for.
var notCompared = []string{"validation", "schedule", "warmup"}

// trainNames are the flags of a training: its config may have them all.
func trainNames() (names []string) {
	newTrain().Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

func (f *compareFlags) run(cmd *cobra.Command) error {
	switch {
	case f.steps < 1:
		return fmt.Errorf("--steps must be at least 1, not %d", f.steps)
	case f.against != "cpu64" && f.against != "cpu":
		return fmt.Errorf("--against must be cpu64 or cpu, not %q", f.against)
	}
	f.Set.Epochs, f.Set.Validation = 1, 0
	task, err := f.Task()
	if err != nil {
		return err
	}
	t, err := fitted(cmd.Context(), &f.Train, task)
	if err != nil {
		return err
	}
	dev, err := f.Backend.Open()
	if err != nil {
		return err
	}
	defer dev.Close() //nolint:errcheck // train.Run has reported device errors
	out := cmd.OutOrStdout()
	if dev.Note != "" {
		terminal.Say(out, "%s", dev.Note)
	}
	other := f.other()
	defer other.Close() //nolint:errcheck // as above
	fmt.Fprintf(out, "%s\nagainst %s\nmodel %s, batch %d, data %s\n\n", dev.Title(), other.Title(), t.Spec.Model, t.Options.Batch, t.Data.Source)

	c := compare.Training{Spec: t.Spec, Data: t.Images, Options: t.Options}
	step, err := c.Steps(cmd.Context(), dev.Backend, other.Backend) // with their abilities, which a Device hides
	if err != nil {
		return err
	}
	printStep(out, dev, other, step)
	var results [2]compare.Result
	for i, d := range []device.Device{dev, other} {
		if results[i], err = c.Run(cmd.Context(), d.Backend, f.steps); err != nil {
			return fmt.Errorf("%s: %w", d.Name(), err)
		}
	}
	if err := printTraining(out, dev, other, results[0], results[1]); err != nil {
		return err
	}
	if outside := step.Outside; outside != nil {
		return fmt.Errorf("%s is the first operation outside its bound: %s", outside.Case, outside.Report.Failures[0])
	}
	return nil
}

func (f *compareFlags) other() device.Device {
	if f.against == "cpu" {
		return device.OpenCPU()
	}
	return device.OpenOracle()
}

func printStep(out io.Writer, dev, other device.Device, c backendtest.StepComparison) {
	rows := [][]string{{"operation", "", dev.Kind + ": error/bound", "time", other.Kind + ": error/bound", "time"}}
	for _, o := range c.Operations {
		row := []string{
			o.Case.Op, o.Case.About(), fmt.Sprintf("%.3f", o.Share), message.Brief(o.Time).String(),
			fmt.Sprintf("%.3f", o.AgainstShare), message.Brief(o.AgainstTime).String(),
		}
		if o.Outside {
			row[2] += " OUTSIDE"
		}
		rows = append(rows, row)
	}
	fmt.Fprint(out, terminal.Table(rows, terminal.Width(out), false))
}

// printTraining shows the losses side by side, and the speed.
func printTraining(out io.Writer, dev, other device.Device, a, b compare.Result) error {
	rows := [][]string{{"step", "loss on " + dev.Kind, "loss on " + other.Kind, "difference"}}
	mine, theirs := a.Losses, b.Losses
	every := max(1, len(mine)/10)
	for i := range mine {
		if i%every == 0 || i == len(mine)-1 {
			rows = append(rows, []string{fmt.Sprint(i + 1), fmt.Sprintf("%.6f", mine[i]), fmt.Sprintf("%.6f", theirs[i]), fmt.Sprintf("%+.1e", mine[i]-theirs[i])})
		}
	}
	printTable(out, rows)
	_, err := fmt.Fprintf(out, "\n%s images/s against %s images/s: %.2f times\n",
		message.Thousands(int(a.ImagesPerSecond())), message.Thousands(int(b.ImagesPerSecond())), a.ImagesPerSecond()/b.ImagesPerSecond())
	return err
}
