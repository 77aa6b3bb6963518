package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/message"
	"glyph/runs"
	"glyph/runs/plots"
)

func newPlot() *cobra.Command {
	var data, out, format string
	var backend flags.Backend
	cmd := &cobra.Command{
		Use:   "plot RUN",
		Short: "Draw a run: curves, confusion matrix, mistakes, filters, classes",
		Long: `Draw the results of a training, as PNG or SVG files in a directory:

  curves      loss and accuracy by epoch
  confusion   the confusion matrix of the test set
  mistakes    the images that the network got wrong with the most confidence
  filters     the weights of the first layer
  classes     examples of each class`,
		Example: `  glyph plot runs/cnn
  glyph plot runs/cnn --format svg --out figures`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(plots.Formats(), format) {
				return fmt.Errorf("--format must be %s, not %q", strings.Join(plots.Formats(), " or "), format)
			}
			w, err := runs.OpenWeights(args[0])
			if err != nil {
				return err
			}
			if out == "" {
				out = plotsOf(w)
			}
			if err := flags.Writable(out); err != nil {
				return err
			}
			dev, err := backend.Open()
			if err != nil {
				return err
			}
			defer dev.Close() //nolint:errcheck // reading has reported device errors
			r, err := evaluated(cmd.Context(), dev, w, data)
			if err != nil {
				return err
			}
			to := cmd.OutOrStdout()
			terminal.Say(to, "test     loss %.4f, accuracy %.2f %% of %s of %s", r.Loss, 100*r.Accuracy, message.Count(r.Data.Test.Len(), "image"), r.Data.Source)
			if len(r.Summary.History) == 0 {
				fmt.Fprintln(to, "no curves: the history of the training is not there")
			}
			paths, err := r.WriteFigures(out, format)
			for _, path := range paths {
				fmt.Fprintf(to, "drew     %s\n", message.Quote(path))
			}
			return err
		},
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVar(&out, "out", "", "write into this `DIR` (default: plots in the run, or beside a weights file)")
	fs.StringVar(&format, "format", "png", strings.Join(plots.Formats(), " or "))
	fs.StringVar(&data, "data", "", ofWhat)
	backend.Add(fs, "auto")
	flags.TakesRuns(cmd, 1)
	return cmd
}

// plotsOf is where figures go unless --out is given: into the run, or beside
// a weights file.
func plotsOf(w *runs.Weights) string {
	if w.Dir != "" {
		return filepath.Join(w.Dir, runs.PlotsDir)
	}
	return strings.TrimSuffix(w.Path, filepath.Ext(w.Path)) + "-" + runs.PlotsDir
}
