package train

import (
	"context"
	"fmt"
	"math"

	"glyph/models"
)

// EvaluateTogether classifies every image of a set by the ensemble's mean probabilities,
// batch images at a time. The loss is their mean cross-entropy in nats. It fails if the
// members don't fit together or take images of another shape than the set's. Once ctx is
// done it stops with the context's error.
func EvaluateTogether(ctx context.Context, e *models.Ensemble, set Set, batch int) (Evaluation, error) {
	var out Evaluation
	if err := e.Validate(); err != nil {
		return out, err
	}
	first := e.Members[0]
	classes, size := first.Net.Classes(), first.Pixels()
	if set.Shape.Size() != size {
		return out, fmt.Errorf("the images are %v and the networks take %v", set.Shape, first.Net.Input(1).Shape.Sample())
	}
	for range classes {
		out.Confusion = append(out.Confusion, make([]int, classes))
	}
	hits := 0
	for from := 0; from < set.Len(); from += batch {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		rows, err := e.Probabilities(set.Images[from*size : min(from+batch, set.Len())*size])
		if err != nil {
			return out, err
		}
		for i, row := range rows {
			label, best := int(set.Labels[from+i]), 0
			for c, p := range row {
				if p > row[best] {
					best = c
				}
			}
			out.Confusion[label][best]++
			out.Loss -= math.Log(max(row[label], math.SmallestNonzeroFloat64))
			if best == label {
				hits++
			}
		}
	}
	out.Loss /= float64(max(set.Len(), 1))
	out.Accuracy = float64(hits) / float64(max(set.Len(), 1))
	return out, nil
}
