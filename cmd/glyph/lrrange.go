package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/atomicfile"
	"glyph/internal/message"
	"glyph/runs/plots"
	"glyph/runs/training"
	"glyph/settings"
	"glyph/train"
)

// Files of a learning-rate range test.
const (
	rangePlot = "lr-range.svg"
	rangeFile = "lr-range.json"
)

func newRange() *cobra.Command {
	var f flags.Train
	test := train.RateTest{Low: 1e-5, High: 10, Steps: 400}
	var out string
	cmd := &cobra.Command{
		Use:   "lr-range",
		Short: "Find a learning rate: train while it rises, and look at the loss",
		Long: `Train for a few hundred steps while the learning rate rises from --from to --to
(the learning-rate range test of Smith 2017), and show the loss over it. The rate
suggested is a quarter of that with the lowest loss, above which training becomes
unstable. The test set takes no part.`,
		Example: `  glyph sweep lr-range --model mlp --optimizer momentum
  glyph sweep lr-range --data DIR --model cnn --batch 128 --to 1 --out runs/range`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return findRate(cmd, &f, test, out) },
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	f.AddSettings(fs, func(s settings.Setting) bool {
		return s.Name != "lr" && s.Name != "schedule" && s.Name != "warmup"
	})
	none := fs.Lookup("validation") // there is nothing to evaluate
	none.DefValue = "0"
	none.Value.Set("0") //nolint:errcheck // a value the flag takes
	f.Backend.Add(fs, "auto")
	fs.Float64Var(&test.Low, "from", test.Low, "the lowest learning `rate`")
	fs.Float64Var(&test.High, "to", test.High, "the highest learning `rate`")
	fs.IntVar(&test.Steps, "steps", test.Steps, "training `steps`")
	fs.StringVar(&out, "out", "", "keep "+rangePlot+" and "+rangeFile+" in `DIR` (default runs/lr-range)")
	fs.BoolVar(&f.JSON, "json", false, "print one JSON object, and everything else to standard error")
	return cmd
}

func findRate(cmd *cobra.Command, f *flags.Train, test train.RateTest, dir string) error {
	if dir == "" {
		dir = "runs/lr-range"
	}
	task, err := f.Task()
	if err != nil {
		return err
	}
	if err := test.Validate(); err != nil {
		return fmt.Errorf("--from, --to, --steps: %w", err)
	}
	flags.SayInert(cmd, &f.Set)
	t, err := fitted(cmd.Context(), f, task)
	if err != nil {
		return err
	}
	if err := flags.Writable(dir); err != nil {
		return err
	}
	dev, err := f.Backend.Open()
	if err != nil {
		return err
	}
	defer dev.Close() //nolint:errcheck // the test has reported device errors
	if err := t.Build(dev); err != nil {
		return flags.Named(err)
	}
	w := textOut(cmd, f.JSON)
	if dev.Note != "" {
		terminal.Say(w, "%s", dev.Note)
	}
	terminal.Say(w, "data     %s\nbackend  %s\nnetwork  %s", t.Data.Source, dev.Title(), t.Spec)
	curve, err := train.FindRate(cmd.Context(), dev, t.Net, t.Images, t.Options, test)
	if errors.Is(err, cmd.Context().Err()) && err != nil {
		return fmt.Errorf("%w before the test ended; nothing was kept", err)
	}
	if err != nil {
		return err
	}
	return showRate(cmd, f, t, curve, dir)
}

// showRate keeps and shows the result of a range test.
func showRate(cmd *cobra.Command, f *flags.Train, t *training.Training, curve train.RateCurve, dir string) error {
	w := textOut(cmd, f.JSON)
	var rates, losses []float64
	var points []plots.Rate
	for _, p := range curve.Points {
		rates, losses = append(rates, p.Rate), append(losses, p.Smoothed)
		points = append(points, plots.Rate(p))
	}
	var svg, text bytes.Buffer
	if err := plots.Rates(points, curve.Suggested).Write(&svg, "svg"); err != nil {
		return err
	}
	enc := json.NewEncoder(&text)
	if err := enc.Encode(curve); err != nil {
		return err
	}
	for name, content := range map[string][]byte{rangePlot: svg.Bytes(), rangeFile: text.Bytes()} {
		if err := atomicfile.WriteFile(filepath.Join(dir, name), content); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "\n%s\n", terminal.Rates(rates, losses, rangeWidth(w), 12))
	if curve.Diverged {
		terminal.Fold(w, 0, fmt.Sprintf("the loss exploded at a rate of %.2g, and the test ended there", rates[len(rates)-1]))
	} else {
		terminal.Fold(w, 0, "the loss did not explode; a higher --to goes further")
	}
	terminal.Fold(w, 15, fmt.Sprintf("lowest loss    at %.2g\nsuggested      --lr %.2g, a quarter of that", curve.Lowest, curve.Suggested))
	fmt.Fprintf(w, "kept           %s\n               %s\n", message.Quote(filepath.Join(dir, rangePlot)), message.Quote(filepath.Join(dir, rangeFile)))
	if f.JSON {
		fmt.Fprint(cmd.OutOrStdout(), text.String())
	}
	return nil
}

// rangeWidth is how wide the chart of a range test is: 80 columns, or the terminal's.
func rangeWidth(w io.Writer) int {
	const usual = 80
	if width := terminal.Width(w); width > 0 {
		return min(usual, width-1)
	}
	return usual
}
