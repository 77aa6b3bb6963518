package main

import (
	"fmt"

	"glyph"
	"glyph/recognise"
	"glyph/runs"
)

// newRecogniser is a recogniser with a saved network, for pictures of up to the given
// number of pixels.
func newRecogniser(s *runs.Weights, b glyph.Backend, maxPixels int) (*recognise.Recogniser, error) {
	p, err := s.Predictor(b, 1)
	if err != nil {
		return nil, err
	}
	r, err := recognise.New(p, s.ClassNames(), maxPixels)
	if err != nil {
		return nil, fmt.Errorf("weights file %s: %w", s.Path, err)
	}
	return r, nil
}
