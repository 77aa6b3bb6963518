package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"glyph/ink"
	"glyph/kmnist"
)

// prediction is what glyph predict --json prints, a line a file, and what
// glyph serve answers.
type prediction struct {
	File          string    `json:"file,omitempty"`
	Size          [2]int    `json:"size"`          // width and height of the picture
	DarkOnLight   bool      `json:"dark_on_light"` // so it was inverted
	Ink           [4]int    `json:"ink"`           // left, top, width, height
	Top           []ranked  `json:"top"`           // the most probable classes
	Probabilities []float64 `json:"probabilities"` // of all, by label
	glyph         ink.Glyph // what the network saw
}

// ranked is a class with its probability.
type ranked struct {
	Label       int     `json:"label"`
	Kana        string  `json:"kana"`
	Romaji      string  `json:"romaji"`
	Probability float64 `json:"probability"`
}

// topClasses is how many classes are told.
const topClasses = 3

func newPredict() *cobra.Command {
	var backend backendFlags
	var asJSON, show bool
	cmd := &cobra.Command{
		Use:   "predict RUN IMAGE...",
		Short: "Recognise characters in pictures",
		Long: `Recognise the character in each picture, with the network of a run or of a
weights file. A picture is a PNG, JPEG or GIF of one character, of any size and
colour, dark on light or light on dark, which is told from its border. It is
cropped to the ink and fills 28×28 pixels as KMNIST's images do; one of 28×28
pixels is taken as framed already.`,
		Example: `  glyph predict runs/cnn photo.jpg
  glyph predict runs/cnn --json *.png`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := openSaved(args[0])
			if err != nil {
				return err
			}
			dev, err := backend.open()
			if err != nil {
				return err
			}
			defer dev.Close() //nolint:errcheck // reading has told of device errors
			r, err := newRecogniser(s, dev)
			if err != nil {
				return err
			}
			return predictFiles(cmd.OutOrStdout(), r, args[1:], asJSON, show)
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a file, with the probability of every class")
	cmd.Flags().BoolVar(&show, "show", false, "draw what the network sees")
	backend.add(cmd.Flags(), "cpu")
	return cmd
}

// predictFiles tells of every file; the error is of those that could not be
// read, after all others were.
func predictFiles(out io.Writer, r *recogniser, files []string, asJSON, show bool) error {
	var failed []error
	for _, file := range files {
		p, err := r.file(file)
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
		fmt.Fprintf(out, "%s: %v\n", file, p.glyph)
		if show {
			fmt.Fprint(out, kmnist.Text(kmnist.Set{Images: p.glyph.Pixels, Labels: []uint8{0}, H: p.glyph.H, W: p.glyph.W}, 0))
		}
		for _, c := range p.Top {
			fmt.Fprintf(out, "  %s %-3s  %6.2f %%\n", c.Kana, c.Romaji, 100*c.Probability)
		}
	}
	if len(failed) > 1 {
		return fmt.Errorf("%w (and %d more of %d files)", failed[0], len(failed)-1, len(files))
	}
	return errors.Join(failed...)
}

// file recognises a file.
func (r *recogniser) file(path string) (prediction, error) {
	info, err := os.Stat(path) // before Open, which would wait for a pipe's writer
	if err != nil {
		return prediction{}, fmt.Errorf("%s: %w", path, cause(err))
	}
	if !info.Mode().IsRegular() {
		return prediction{}, fmt.Errorf("%s: is no regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return prediction{}, fmt.Errorf("%s: %w", path, cause(err))
	}
	defer f.Close()
	p, err := r.recognise(f)
	if err != nil {
		return prediction{}, fmt.Errorf("%s: %w", path, cause(err))
	}
	p.File = path
	return p, nil
}

// rank is the classes, the most probable first, and of equals by label.
func rank(probabilities []float64) []ranked {
	all := make([]ranked, len(probabilities))
	for label, p := range probabilities {
		c := class(label)
		all[label] = ranked{label, c.Kana, c.Romaji, p}
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(b.Probability, a.Probability) })
	return all
}

// class is the character of a label; of other data than KMNIST's its number.
func class(label int) kmnist.Class {
	if label < len(kmnist.Classes) {
		return kmnist.Classes[label]
	}
	return kmnist.Class{Kana: fmt.Sprint(label), Romaji: fmt.Sprint(label)}
}
