package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glyph"
	"glyph/backendtest"
	"glyph/cmd/glyph/internal/flags"
	"glyph/device"
	"glyph/internal/message"
	"glyph/models"
	"glyph/settings"
	"glyph/train"
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
	f.Set.Epochs = 1
	opt, err := f.Options()
	if err != nil {
		return err
	}
	spec, err := f.Network.Spec()
	if err != nil {
		return err
	}
	if err := cmp.Or(f.Data.Check(), f.Backend.Check()); err != nil {
		return err
	}
	data, err := openTraining(cmd.Context(), &f.Data, f.Set.Seed)
	if err != nil {
		return err
	}
	if spec, err = fit(&f.Train, spec, nil, &data); err != nil {
		return err
	}
	dev, err := f.Backend.Open()
	if err != nil {
		return err
	}
	defer dev.Close() //nolint:errcheck // train.Run has told of device errors
	out := cmd.OutOrStdout()
	if dev.Note != "" {
		fmt.Fprintln(out, dev.Note)
	}
	other := f.other()
	defer other.Close() //nolint:errcheck // as above
	fmt.Fprintf(out, "%s\nagainst %s\nmodel %s, batch %d, data %s\n\n", dev.Title(), other.Title(), spec.Model, opt.Batch, data.source)

	step, err := compareStep(cmd.Context(), dev, other, spec, data, opt)
	if err == nil {
		err = printStep(out, dev, other, step)
	}
	if err != nil {
		return err
	}
	training, err := compareTraining(cmd.Context(), dev, other, spec, data, opt, f.steps)
	if err == nil {
		err = printTraining(out, dev, other, training)
	}
	if err != nil {
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

// judgedSteps is how many steps are judged: in the first, biases and moments are
// still zero, and an operation that forgets them would be right.
const judgedSteps = 2

// compareStep judges every operation of the first training steps.
func compareStep(ctx context.Context, dev, other device.Device, spec models.Spec, data loaded, opt train.Options) (backendtest.StepComparison, error) {
	some, err := data.head(judgedSteps * opt.Batch)
	if err != nil {
		return backendtest.StepComparison{}, err
	}
	return backendtest.CompareSteps(dev.Backend, other.Backend, judgedSteps, func(b glyph.Backend) error {
		_, err := shortTraining(ctx, b, spec, some, opt, train.Callbacks{})
		return err
	})
}

func printStep(out io.Writer, dev, other device.Device, c backendtest.StepComparison) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "operation\t\t%s: error/bound\ttime\t%s: error/bound\ttime\n", dev.Kind, other.Kind)
	for _, o := range c.Operations {
		verdict := ""
		if o.Outside {
			verdict = "  OUTSIDE"
		}
		fmt.Fprintf(w, "%s\t%s\t%.3f\t%v\t%.3f\t%v%s\n", o.Case.Op, o.Case.About(), o.Share, short(o.Time), o.AgainstShare, short(o.AgainstTime), verdict)
	}
	return w.Flush()
}

// trainings is a short training on each of two devices.
type trainings [2]struct {
	losses []float64 // of each step
	train.Result
}

// speed is the images per second of one device.
func (t trainings) speed(i int) float64 { return float64(t[i].Images) / t[i].Took.Seconds() }

// compareTraining trains on each device for the given number of steps.
func compareTraining(ctx context.Context, dev, other device.Device, spec models.Spec, data loaded, opt train.Options, steps int) (t trainings, err error) {
	some, err := data.head(min(steps*opt.Batch, data.Train.Len()))
	if err != nil {
		return t, err
	}
	warm, err := data.head(min(opt.Batch, data.Train.Len()))
	if err != nil {
		return t, err
	}
	for i, d := range []device.Device{dev, other} {
		say := train.Callbacks{Step: func(_ int, loss, _ float64) { t[i].losses = append(t[i].losses, loss) }}
		// Once without counting: programs are built, memory is touched.
		_, err := shortTraining(ctx, d, spec, warm, opt, train.Callbacks{})
		if err == nil {
			t[i].Result, err = shortTraining(ctx, d, spec, some, opt, say)
		}
		if err != nil {
			return t, fmt.Errorf("%s: %w", d.Name(), err)
		}
	}
	return t, nil
}

// printTraining shows the losses side by side, and the speed.
func printTraining(out io.Writer, dev, other device.Device, t trainings) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\nstep\tloss on %s\tloss on %s\tdifference\n", dev.Kind, other.Kind)
	mine, theirs := t[0].losses, t[1].losses
	every := max(1, len(mine)/10)
	for i := range mine {
		if i%every == 0 || i == len(mine)-1 {
			fmt.Fprintf(w, "%d\t%.6f\t%.6f\t%+.1e\n", i+1, mine[i], theirs[i], mine[i]-theirs[i])
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\n%s images/s against %s images/s: %.2f times\n",
		message.Thousands(int(t.speed(0))), message.Thousands(int(t.speed(1))), t.speed(0)/t.speed(1))
	return err
}

// shortTraining trains a fresh network for one epoch, and frees its memory.
func shortTraining(ctx context.Context, b glyph.Backend, spec models.Spec, data train.Data, opt train.Options, say train.Callbacks) (r train.Result, err error) {
	scope := glyph.NewScope(b)
	defer func() { err = cmp.Or(err, scope.Close()) }()
	net, err := models.New(scope, spec, opt.Batch)
	if err != nil {
		return r, err
	}
	net.Init(opt.Seed)
	if r, err = train.Run(ctx, scope, net, data, opt, say); err == nil && r.Stopped == train.Interrupted {
		err = ctx.Err()
	}
	return r, err
}

// head is the first n training images and nothing else.
func (l loaded) head(n int) (train.Data, error) {
	d := l.Data
	if n > d.Train.Len() {
		return d, fmt.Errorf("a batch of %d from %d training images; choose a smaller --batch", n, d.Train.Len())
	}
	d.Train.Images, d.Train.Labels = d.Train.Images[:n*d.Train.Shape.Size()], d.Train.Labels[:n]
	d.Validation, d.Test = train.Set{}, train.Set{}
	return d, nil
}

// short rounds a duration to three digits or so.
func short(d time.Duration) time.Duration {
	for unit := time.Nanosecond * 10; ; unit *= 10 {
		if d < 100*unit*10 {
			return d.Round(unit)
		}
	}
}
