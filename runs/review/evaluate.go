// Package review evaluates a run: it runs the network over a test set image by image,
// draws the figures, and writes the run's page.
package review

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"glyph"
	"glyph/kmnist"
	"glyph/runs"
	"glyph/runs/plots"
)

// Review is the result of a network on a test set.
type Review struct {
	Weights *runs.Weights
	Summary runs.Summary // of its run; zero for a weights file alone, and for a run without one
	Data    kmnist.Data
	Classes []kmnist.Class // of the network, by label

	Loss, Accuracy float64         // on the test set
	Confusion      [][]int         // [label][prediction]
	Mistakes       []plots.Mistake // the most confident first
}

// batch is how many images are evaluated at a time.
const batch = 256

// Evaluate runs a network over the test set of the data. It stops once ctx is
// done, with its error.
func Evaluate(ctx context.Context, b glyph.Backend, w *runs.Weights, data kmnist.Data) (*Review, error) {
	r := &Review{Weights: w, Data: data, Classes: w.ClassNames()}
	var err error
	if r.Summary, err = w.Summary(); err != nil {
		return nil, err
	}
	p, err := w.Predictor(b, batch)
	if err != nil {
		return nil, err
	}
	if err := w.Fits(data); err != nil {
		return nil, err
	}
	r.Confusion = make([][]int, p.Net.Classes())
	for i := range r.Confusion {
		r.Confusion[i] = make([]int, p.Net.Classes())
	}
	for from := 0; from < data.Test.Len(); from += batch {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("%w while evaluating", err)
		}
		to := min(from+batch, data.Test.Len())
		rows, err := p.Probabilities(data.Test.Images[from*p.Pixels() : to*p.Pixels()])
		if err != nil {
			return nil, err
		}
		for i, row := range rows {
			r.add(from+i, row)
		}
	}
	r.Accuracy = float64(data.Test.Len()-len(r.Mistakes)) / float64(max(data.Test.Len(), 1))
	slices.SortStableFunc(r.Mistakes, func(x, y plots.Mistake) int { return cmp.Compare(y.Probability, x.Probability) })
	return r, nil
}

// add counts a test image with the probabilities of its classes.
func (r *Review) add(image int, row []float64) {
	n := float64(r.Data.Test.Len())
	label, best := int(r.Data.Test.Labels[image]), 0
	for class, p := range row {
		if p > row[best] {
			best = class
		}
	}
	r.Confusion[label][best]++
	r.Loss -= math.Log(max(row[label], math.SmallestNonzeroFloat64)) / n
	if best == label {
		r.Accuracy += 1 / n
		return
	}
	r.Mistakes = append(r.Mistakes, plots.Mistake{
		Image: picture(r.Data.Test, image), Label: label, Predicted: best,
		Probability: row[best], LabelProbability: row[label],
	})
}

func picture(s kmnist.Set, i int) plots.Image {
	return plots.Image{Pixels: s.Image(i), H: s.H, W: s.W, C: s.C}
}

// Examples is the first n images of each class.
func Examples(s kmnist.Set, classes, n int) [][]plots.Image {
	rows := make([][]plots.Image, classes)
	for i, label := range s.Labels {
		if int(label) < classes && len(rows[label]) < n {
			rows[label] = append(rows[label], picture(s, i))
		}
	}
	return rows
}
