package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/message"
	"glyph/kmnist"
	"glyph/recognise"
	"glyph/recognise/ink"
	"glyph/runs"
)

func newPredict() *cobra.Command {
	var backend flags.Backend
	var asJSON, show bool
	cmd := &cobra.Command{
		Use:   "predict RUN IMAGE...",
		Short: "Recognise characters in pictures",
		Long: `Recognise the characters in each picture, with the network of a run or of a
weights file. A picture is a PNG, JPEG or GIF of any size and colour, dark on light
or light on dark. It is turned upright according to a JPEG's EXIF orientation.
Each character is cropped to its ink and scaled to fill 28×28 pixels as KMNIST's
images do; a picture of 28×28 pixels is one character and used as it is.

Several characters are told apart if a quarter of their size or more lies between
them. Each is named, in rows from the top and from the left. With --json, "all"
has all of them in that order, and the other fields are about the one with the
most ink, whose place in "all" is "at".

In a photograph the light may be uneven. Whatever surrounds the sheet, the lines of
ruled or squared paper, a box, and small marks far from the character are ignored;
a note says so, and --show draws what was taken as ink.`,
		Example: `  glyph predict runs/cnn photo.jpg
  glyph predict runs/cnn --json *.png`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := runs.OpenWeights(args[0])
			if err != nil {
				return runFirst(cmd, args, err)
			}
			dev, err := backend.Open()
			if err != nil {
				return err
			}
			defer dev.Close() //nolint:errcheck // reading has reported device errors
			r, err := newRecogniser(s, dev, ink.DefaultMaxPixels)
			if err != nil {
				return err
			}
			return predictFiles(cmd.Context(), cmd.OutOrStdout(), r, args[1:], asJSON, show)
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per file, with the probabilities of every class")
	cmd.Flags().BoolVar(&show, "show", false, "draw what the network sees")
	backend.Add(cmd.Flags(), "cpu")
	flags.TakesRuns(cmd, 1)
	return cmd
}

// predictFiles predicts every file; its error covers those that could not be read,
// after all the others were.
func predictFiles(ctx context.Context, out io.Writer, r *recognise.Recogniser, files []string, asJSON, show bool) error {
	var failed []error
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		p, err := r.File(file)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		if asJSON {
			if err := json.NewEncoder(out).Encode(p); err != nil {
				return err
			}
			continue
		}
		printPrediction(out, p, show)
	}
	if len(failed) > 1 {
		return fmt.Errorf("%w (and %d more of %d files)", failed[0], len(failed)-1, len(files))
	}
	return errors.Join(failed...)
}

// printPrediction prints every character of a picture with its most probable classes.
func printPrediction(out io.Writer, p recognise.Prediction, show bool) {
	several := len(p.All) > 1
	if !several {
		fmt.Fprintf(out, "%s: %v\n", message.Quote(p.File), p.Glyph)
	} else {
		fmt.Fprintf(out, "%s: %s; %d characters: %s\n", message.Quote(p.File), p.Glyph.Reading(), len(p.All), text(p.All))
	}
	for i, c := range p.All {
		if several {
			fmt.Fprintf(out, "%d of %d: %s\n", i+1, len(p.All), c.Glyph.Where())
		}
		if show {
			fmt.Fprint(out, kmnist.Text(kmnist.Set{Images: c.Glyph.Pixels, Labels: []uint8{0}, H: c.Glyph.H, W: c.Glyph.W, C: c.Glyph.C}, 0))
		}
		for _, r := range c.Top {
			fmt.Fprintf(out, "  %s  %6.2f %%\n", terminal.Padded(r.Class().String(), 6), 100*r.Probability)
		}
	}
}

// text is the names of characters as one reads them: symbols side by side, other names
// with a space between them.
func text(all []recognise.Character) string {
	names, between := make([]string, len(all)), ""
	for i, c := range all {
		if names[i] = c.Top[0].Class().Short(); c.Top[0].Kana == "" {
			between = " "
		}
	}
	return strings.Join(names, between)
}

// runFirst extends the error of a first argument that is not a run: if another
// argument is one, it says how they were probably meant.
func runFirst(cmd *cobra.Command, args []string, err error) error {
	for i, arg := range args[1:] {
		if _, e := runs.OpenWeights(arg); e == nil {
			right := append([]string{arg}, slices.Delete(slices.Clone(args), i+1, i+2)...)
			return fmt.Errorf("%w; the run comes first: %s", err, message.Shell(append(strings.Fields(cmd.CommandPath()), right...)...))
		}
	}
	return err
}
