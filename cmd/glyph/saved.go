package main

import (
	"fmt"

	"glyph"
	"glyph/models"
	"glyph/recognise"
	"glyph/runs"
)

// newRecogniser is a recogniser with a saved network, for pictures of up to the given
// number of pixels.
func newRecogniser(s *runs.Weights, b glyph.Backend, maxPixels int) (*recognise.Recogniser, error) {
	return recogniserOf(s, maxPixels, func() (*models.Predictor, error) { return s.Predictor(b, 1) })
}

// newExplainer is newRecogniser for one that explains what it recognises.
func newExplainer(s *runs.Weights, b glyph.Backend, maxPixels int) (*recognise.Recogniser, error) {
	return recogniserOf(s, maxPixels, func() (*models.Predictor, error) { return s.Explained(b, 1) })
}

func recogniserOf(s *runs.Weights, maxPixels int, predictor func() (*models.Predictor, error)) (*recognise.Recogniser, error) {
	p, err := predictor()
	if err != nil {
		return nil, err
	}
	r, err := recognise.New(p, s.ClassNames(), maxPixels)
	if err != nil {
		return nil, fmt.Errorf("weights file %s: %w", s.Path, err)
	}
	return r, nil
}
