package main

import (
	"fmt"
	"io"

	"glyph"
	"glyph/ink"
	"glyph/models"
)

// recogniser names the character in a picture.
type recogniser struct {
	saved
	*models.Predictor
	frame ink.Frame
}

func newRecogniser(s saved, b glyph.Backend) (*recogniser, error) {
	in := s.spec.InputShape()
	if in[2] != 1 {
		return nil, fmt.Errorf("weights file %s: the network takes images of %d channels, and pictures are made grey", s.path, in[2])
	}
	p, err := s.predictor(b, 1)
	if err != nil {
		return nil, err
	}
	return &recogniser{s, p, ink.Frame{H: in[0], W: in[1], MaxPixels: ink.DefaultMaxPixels}}, nil
}

// recognise reads a picture. The error is the end of a sentence that begins
// with the picture's name.
func (r *recogniser) recognise(picture io.ReadSeeker) (prediction, error) {
	g, err := r.frame.Read(picture)
	if err != nil {
		return prediction{}, err
	}
	rows, err := r.Probabilities(g.Pixels)
	if err != nil {
		return prediction{}, err
	}
	all := rank(rows[0])
	return prediction{
		Size: [2]int{g.Picture.X, g.Picture.Y}, DarkOnLight: g.DarkOnLight,
		Ink: [4]int{g.Ink.Min.X, g.Ink.Min.Y, g.Ink.Dx(), g.Ink.Dy()},
		Top: all[:min(topClasses, len(all))], Probabilities: rows[0], glyph: g,
	}, nil
}
