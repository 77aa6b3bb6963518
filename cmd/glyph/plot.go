package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"glyph/internal/atomicfile"
	"glyph/internal/message"
	"glyph/runs"
	"glyph/runs/plots"
)

// worst is how many mistakes are drawn.
const worst = 40

func newPlot() *cobra.Command {
	var data, out, format string
	var backend backendFlags
	cmd := &cobra.Command{
		Use:   "plot RUN",
		Short: "Draw a run: curves, confusion matrix, mistakes, filters, classes",
		Long: `Draw what a training came to, as PNG or SVG files in a directory:

  curves      loss and accuracy over the epochs
  confusion   what was taken for what on the test set
  mistakes    the images that the network got wrong and was surest of
  filters     the weights of the first layer
  classes     examples of each character`,
		Example: `  glyph plot runs/cnn
  glyph plot runs/cnn --format svg --out figures`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "png" && format != "svg" {
				return fmt.Errorf("--format must be png or svg, not %q", format)
			}
			s, err := runs.OpenWeights(args[0])
			if err != nil {
				return err
			}
			if out == "" {
				out = plotsOf(s)
			}
			if err := writable(out); err != nil {
				return err
			}
			if data == "" {
				data = s.Data
			}
			source, err := openData(cmd.Context(), data, "")
			if err != nil {
				return err
			}
			dev, err := backend.open()
			if err != nil {
				return err
			}
			defer dev.Close() //nolint:errcheck // reading has told of device errors
			a, err := analyse(cmd.Context(), dev, s, source)
			if err != nil {
				return err
			}
			return drawAll(cmd, s, a, out, format)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&out, "out", "", "write into this `DIR` (default: plots in the run, or beside a weights file)")
	flags.StringVar(&format, "format", "png", "png or svg")
	flags.StringVar(&data, "data", "", "kmnist, synthetic, or a `directory` with four files in MNIST's format (default: what the weights were trained on)")
	backend.add(flags, "auto")
	return cmd
}

// plotsOf is where figures go unless --out says otherwise: into the run, or beside
// a weights file.
func plotsOf(s *runs.Weights) string {
	if s.Dir != "" {
		return filepath.Join(s.Dir, runs.PlotsDir)
	}
	return strings.TrimSuffix(s.Path, filepath.Ext(s.Path)) + "-" + runs.PlotsDir
}

// named is a figure and its file, without the ending.
type named struct {
	name string
	*plots.Figure
}

// figures is all there is to draw; the curves only where there is a history.
func figures(s *runs.Weights, a analysis) ([]named, error) {
	var list []named
	sum, err := summaryOf(s)
	if err != nil {
		return nil, err
	}
	if len(sum.History) > 0 {
		list = append(list, named{"curves", plots.Curves(curve(sum.History), sum.BestEpoch)})
	}
	names := labels(a.classes)
	list = append(list, named{"confusion", plots.Confusion(a.confusion, names)})
	shown := a.mistakes[:min(worst, len(a.mistakes))]
	list = append(list, named{"mistakes", plots.Mistakes(shown, names, fmt.Sprintf(
		"the surest %d of %d mistakes on %d test images; below, the probabilities of both", len(shown), len(a.mistakes), a.data.Test.Len()))})
	weights, about, err := filters(s)
	if err != nil {
		return nil, err
	}
	list = append(list, named{"filters", plots.Filters(weights, about)})
	return append(list, named{"classes", plots.Classes(examples(a.data.Train, len(names), 12), names,
		fmt.Sprintf("the first training images of %s", a.data.Source))}), nil
}

func drawAll(cmd *cobra.Command, s *runs.Weights, a analysis, dir, format string) error {
	list, err := figures(s, a)
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "test     loss %.4f, accuracy %.2f %% of %s images of %s\n", a.loss, 100*a.accuracy, message.Thousands(a.data.Test.Len()), a.data.Source)
	if list[0].name != "curves" {
		fmt.Fprintln(out, "no curves: the run has no history of a training")
	}
	for _, f := range list {
		var b bytes.Buffer
		if err := f.Write(&b, format); err != nil {
			return err
		}
		path := filepath.Join(dir, f.name+"."+format)
		if err := atomicfile.WriteFile(path, b.Bytes()); err != nil {
			return err
		}
		fmt.Fprintf(out, "drew     %s\n", message.Quote(path))
	}
	return nil
}
