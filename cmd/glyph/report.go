package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"glyph"
	"glyph/cmd/glyph/internal/flags"
	"glyph/internal/message"
	"glyph/runs"
	"glyph/runs/review"
	"glyph/runs/tensorboard"
)

// ofWhat describes --data where weights know what they were trained on.
const ofWhat = "kmnist, synthetic, or a `directory` of files or of pictures (default: what the weights were trained on)"

func newReport() *cobra.Command {
	var data string
	var backend flags.Backend
	cmd := &cobra.Command{
		Use:   "report RUN",
		Short: "Write a run's report.html again",
		Long: `Evaluate a run and write its report: one page that works offline, with curves, the
confusion matrix, each class, the most confident mistakes, filters, settings and
speed. glyph train writes it at the end of every run.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			w, err := runs.OpenWeights(args[0])
			if err != nil {
				return err
			}
			if w.Dir == "" {
				return fmt.Errorf("%s is a weights file; a report needs a run's directory", message.Quote(args[0]))
			}
			dev, err := backend.Open()
			if err != nil {
				return err
			}
			defer dev.Close() //nolint:errcheck // reading has reported device errors
			path, err := writeReport(cmd.Context(), dev, w, data, nil)
			if err == nil {
				fmt.Fprintf(cmd.OutOrStdout(), "report   %s\n", message.Quote(path))
			}
			return err
		},
	}
	cmd.Flags().StringVar(&data, "data", "", ofWhat)
	backend.Add(cmd.Flags(), "auto")
	flags.TakesRuns(cmd, 1)
	return cmd
}

// writeReport evaluates a run, on the data it was trained on unless another is
// named, and writes its page, its figures and, where there is one, the images of
// its TensorBoard.
func writeReport(ctx context.Context, b glyph.Backend, w *runs.Weights, data string, board *tensorboard.Writer) (path string, err error) {
	r, err := evaluated(ctx, b, w, data)
	if err != nil {
		return "", err
	}
	return r.WritePage(board)
}

// evaluated is what a network does on a test set, image by image.
func evaluated(ctx context.Context, b glyph.Backend, w *runs.Weights, data string) (*review.Review, error) {
	if data == "" {
		data = w.Data
	}
	source, err := openData(ctx, data, "", w.Pictures())
	if err != nil {
		return nil, err
	}
	return review.Evaluate(ctx, b, w, source)
}
