package runs

import (
	"context"
	"fmt"

	"glyph"
	"glyph/kmnist"
	"glyph/models"
	"glyph/settings"
	"glyph/train"
)

// Ensemble is several saved networks that classify images together, from one view of
// each image or from nine; see [models.Ensemble].
type Ensemble struct {
	Members []*Weights
	Shift   int     // pixels that the other eight views are moved by; 0 for none
	Sure    float64 // probability from which one view is enough
}

// Validate returns an error if two members have different classes or sizes of images.
func (e Ensemble) Validate() error {
	first := e.Members[0]
	for _, w := range e.Members[1:] {
		if a, b := first.Spec.InputShape(), w.Spec.InputShape(); a != b {
			return fmt.Errorf("%s takes images of %v and %s of %v: they can't be evaluated together", first.Path, first.Pictures().Size, w.Path, w.Pictures().Size)
		}
		a, b := first.ClassNames(), w.ClassNames()
		if len(a) != len(b) {
			return fmt.Errorf("%s has %d classes and %s has %d: they can't be evaluated together", first.Path, len(a), w.Path, len(b))
		}
		for label, c := range a {
			if c != b[label] {
				return fmt.Errorf("label %d is %v for %s and %v for %s: they can't be evaluated together", label, c, first.Path, b[label], w.Path)
			}
		}
	}
	return nil
}

// Evaluate runs the members over the test set of the data, in batches of up to batch
// images. The loss is the mean cross-entropy of the mean probabilities, in nats. Once
// ctx is done it stops with the context's error.
func (e Ensemble) Evaluate(ctx context.Context, b glyph.Backend, data kmnist.Data, batch int) (train.Evaluation, error) {
	var out train.Evaluation
	if err := e.Validate(); err != nil {
		return out, err
	}
	together := models.Ensemble{Shift: e.Shift, Sure: e.Sure}
	for _, w := range e.Members {
		if err := w.Fits(data); err != nil {
			return out, fmt.Errorf("%s: %w", w.Path, err)
		}
		p, err := w.Predictor(b, batch)
		if err != nil {
			return out, err
		}
		together.Members = append(together.Members, p)
	}
	return train.EvaluateTogether(ctx, &together, settings.TrainSet(data.Test), batch)
}
