package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"glyph"
	"glyph/backendtest"
	"glyph/cpu"
	"glyph/internal/message"
	"glyph/models"
	"glyph/train"
)

// compareFlags are the flags of glyph compare beyond those of a training.
type compareFlags struct {
	trainFlags
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
			if err := readConfig(cmd); err != nil {
				return err
			}
			return f.run(cmd)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	f.add(flags)
	for _, name := range []string{"epochs", "patience", "out", "json", "holdout", "schedule", "warmup"} {
		flags.MarkHidden(name) //nolint:errcheck // here so that the config of a training is taken; not used
	}
	flags.StringVar(&f.against, "against", "cpu64", "the second backend: cpu64 (float64, the oracle) or cpu")
	flags.IntVar(&f.steps, "steps", 20, "steps of the short training")
	addConfig(cmd)
	for name, value := range map[string]string{"backend": "gpu", "batch": "16", "data": "synthetic"} {
		flag := flags.Lookup(name)
		flag.DefValue = value
		flag.Value.Set(value) //nolint:errcheck // a value the flag takes
	}
	return cmd
}

func (f *compareFlags) run(cmd *cobra.Command) error {
	switch {
	case f.steps < 1:
		return fmt.Errorf("--steps must be at least 1, not %d", f.steps)
	case f.against != "cpu64" && f.against != "cpu":
		return fmt.Errorf("--against must be cpu64 or cpu, not %q", f.against)
	}
	f.epochs, f.patience, f.data.validation, f.warmup, f.schedule = 1, 0, 0, 0, "constant"
	opt, err := f.options()
	if err != nil {
		return err
	}
	spec, err := f.net.spec()
	if err != nil {
		return err
	}
	if err := cmp.Or(f.data.check(), f.backend.check()); err != nil {
		return err
	}
	data, err := f.data.open(cmd.Context(), f.seed)
	if err != nil {
		return err
	}
	dev, err := f.backend.open()
	if err != nil {
		return err
	}
	defer dev.Close() //nolint:errcheck // train.Run has told of device errors
	out := cmd.OutOrStdout()
	if dev.note != "" {
		fmt.Fprintln(out, dev.note)
	}
	other := f.other()
	defer other.Close() //nolint:errcheck // as above
	fmt.Fprintf(out, "%s\nagainst %s\nmodel %s, batch %d, data %s\n\n", dev.title(), other.title(), spec.Model, opt.Batch, data.source)

	outside, err := compareStep(cmd.Context(), out, dev, other, spec, data, opt)
	if err != nil {
		return err
	}
	if err := f.compareTraining(cmd.Context(), out, dev, other, spec, data, opt); err != nil {
		return err
	}
	if outside != nil {
		return fmt.Errorf("%s is the first operation outside its bound: %s", outside.Case, outside.Report.Failures[0])
	}
	return nil
}

func (f *compareFlags) other() device {
	if f.against == "cpu" {
		return openCPU("")
	}
	return device{Backend: cpu.NewOracle(0), kind: "cpu64", name: cpu.Device()}
}

// judgedSteps is how many steps are judged: in the first, biases and moments are
// still zero, and an operation that forgets them would be right.
const judgedSteps = 2

// compareStep judges every operation of the first training steps and returns
// the first outside its bound, if any. The table has the larger error of an
// operation's calls and the time of the last, when everything is warm.
func compareStep(ctx context.Context, out io.Writer, dev, other device, spec models.Spec, data loaded, opt train.Options) (outside *backendtest.Judgement, err error) {
	var all []backendtest.Judgement
	judge := backendtest.Judge(dev.Backend, other.Backend, func(j backendtest.Judgement) {
		if len(j.Report.Failures) > 0 && outside == nil {
			outside = &j
		}
		all = append(all, j)
	})
	some, err := data.head(judgedSteps * opt.Batch)
	if err != nil {
		return nil, err
	}
	// What a broken operation makes may not be finite: that it is outside its
	// bound is then the better news.
	if err := shortTraining(ctx, judge, spec, some, opt, train.Callbacks{}, nil); err != nil && outside == nil {
		return nil, err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "operation\t\t%s: error/bound\ttime\t%s: error/bound\ttime\n", dev.kind, other.kind)
	perStep := len(all) / judgedSteps
	for i := range perStep {
		j := all[len(all)-perStep+i]
		mine, theirs, verdict := 0.0, 0.0, ""
		for k := i; k < len(all); k += perStep {
			mine, theirs = max(mine, all[k].Report.Share), max(theirs, all[k].Against.Share)
			if len(all[k].Report.Failures) > 0 {
				verdict = "  OUTSIDE"
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%.3f\t%v\t%.3f\t%v%s\n", j.Case.Op, about(j.Case), mine, short(j.Time), theirs, short(j.Elsewise), verdict)
	}
	return outside, w.Flush()
}

// compareTraining trains on each and prints the losses side by side.
func (f *compareFlags) compareTraining(ctx context.Context, out io.Writer, dev, other device, spec models.Spec, data loaded, opt train.Options) error {
	some, err := data.head(min(f.steps*opt.Batch, data.Train.Len()))
	if err != nil {
		return err
	}
	var losses [2][]float64
	var results [2]train.Result
	for i, d := range []device{dev, other} {
		say := train.Callbacks{Step: func(_ int, loss, _ float64) { losses[i] = append(losses[i], loss) }}
		// Once without counting: programs are built, memory is touched.
		warm, err := data.head(min(opt.Batch, data.Train.Len()))
		if err == nil {
			err = shortTraining(ctx, d, spec, warm, opt, train.Callbacks{}, nil)
		}
		if err == nil {
			err = shortTraining(ctx, d, spec, some, opt, say, &results[i])
		}
		if err != nil {
			return fmt.Errorf("%s: %w", d.Name(), err)
		}
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\nstep\tloss on %s\tloss on %s\tdifference\n", dev.kind, other.kind)
	every := max(1, len(losses[0])/10)
	for i := range losses[0] {
		if i%every == 0 || i == len(losses[0])-1 {
			fmt.Fprintf(w, "%d\t%.6f\t%.6f\t%+.1e\n", i+1, losses[0][i], losses[1][i], losses[0][i]-losses[1][i])
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	var speed [2]float64
	for i, r := range results {
		speed[i] = float64(r.Images) / r.Took.Seconds()
	}
	fmt.Fprintf(out, "\n%s images/s against %s images/s: %.2f times\n",
		message.Thousands(int(speed[0])), message.Thousands(int(speed[1])), speed[0]/speed[1])
	return nil
}

// shortTraining trains a fresh network for one epoch.
func shortTraining(ctx context.Context, b glyph.Backend, spec models.Spec, data train.Data, opt train.Options, say train.Callbacks, result *train.Result) error {
	net, err := models.New(b, spec, opt.Batch)
	if err != nil {
		return err
	}
	net.Init(opt.Seed)
	r, err := train.Run(ctx, b, net, data, opt, say)
	if err != nil {
		return err
	}
	if r.Stopped == train.Interrupted {
		return errors.New("interrupted")
	}
	if result != nil {
		*result = r
	}
	return nil
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

// state is the part of a case's name that tells when and not what.
var state = regexp.MustCompile(`,? (of \d+ images|seed|id|step|row) .*?(,.*|:.*|$)`)

// about is what a case works on, as short as tells it apart in a network.
func about(c *backendtest.Case) string { return state.ReplaceAllString(c.Name, "") }

// short rounds a duration to three digits or so.
func short(d time.Duration) time.Duration {
	for unit := time.Nanosecond * 10; ; unit *= 10 {
		if d < 100*unit*10 {
			return d.Round(unit)
		}
	}
}
