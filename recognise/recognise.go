// Package recognise names the character in a picture: it frames the picture as
// KMNIST's images are, and asks a network.
package recognise

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"glyph/kmnist"
	"glyph/models"
	"glyph/recognise/ink"
)

// Prediction is what a network made of a picture. As JSON it is what glyph
// predict --json prints and glyph serve answers.
type Prediction struct {
	File          string    `json:"file,omitempty"`
	Size          [2]int    `json:"size"`          // width and height of the picture, upright
	Turned        bool      `json:"turned"`        // as the camera noted
	DarkOnLight   bool      `json:"dark_on_light"` // so it was inverted
	Ink           [4]int    `json:"ink"`           // left, top, width, height
	Top           []Ranked  `json:"top"`           // the most probable classes
	Probabilities []float64 `json:"probabilities"` // of all, by label

	Glyph ink.Glyph `json:"-"` // what the network saw
}

// Ranked is a class with its probability.
type Ranked struct {
	Label       int     `json:"label"`
	Kana        string  `json:"kana"`
	Romaji      string  `json:"romaji"`
	Probability float64 `json:"probability"`
}

// Top is how many classes a Prediction ranks.
const Top = 3

// Recogniser names characters. Like its network it is used by one goroutine at
// a time.
type Recogniser struct {
	predictor *models.Predictor
	frame     ink.Frame
}

// New is a Recogniser for pictures of at most so many pixels. It fails where
// the network's images are not grey.
func New(p *models.Predictor, maxPixels int) (*Recogniser, error) {
	in := p.Net.Input(1).Shape.Sample()
	if in[2] != 1 {
		return nil, fmt.Errorf("the network takes images of %d channels, and pictures are made grey", in[2])
	}
	return &Recogniser{p, ink.Frame{H: in[0], W: in[1], MaxPixels: maxPixels}}, nil
}

// Recognise reads a picture. The error is the end of a sentence that begins
// with the picture's name.
func (r *Recogniser) Recognise(picture io.ReadSeeker) (Prediction, error) {
	g, err := r.frame.Read(picture)
	if err != nil {
		return Prediction{}, err
	}
	rows, err := r.predictor.Probabilities(g.Pixels)
	if err != nil {
		return Prediction{}, err
	}
	all := Rank(rows[0])
	return Prediction{
		Size: [2]int{g.Picture.X, g.Picture.Y}, Turned: g.Turned, DarkOnLight: g.DarkOnLight,
		Ink: [4]int{g.Ink.Min.X, g.Ink.Min.Y, g.Ink.Dx(), g.Ink.Dy()},
		Top: all[:min(Top, len(all))], Probabilities: rows[0], Glyph: g,
	}, nil
}

// Rank is the classes, the most probable first, and of equals by label.
func Rank(probabilities []float64) []Ranked {
	all := make([]Ranked, len(probabilities))
	for label, p := range probabilities {
		c := Class(label)
		all[label] = Ranked{label, c.Kana, c.Romaji, p}
	}
	slices.SortStableFunc(all, func(a, b Ranked) int { return cmp.Compare(b.Probability, a.Probability) })
	return all
}

// Class is the character of a label, or its number where there is none.
func Class(label int) kmnist.Class {
	if label < len(kmnist.Classes) {
		return kmnist.Classes[label]
	}
	return kmnist.Class{Kana: fmt.Sprint(label), Romaji: fmt.Sprint(label)}
}
