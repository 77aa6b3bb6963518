package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"glyph"
	"glyph/kmnist"
	"glyph/models"
	"glyph/recognise"
	"glyph/runs"
	"glyph/runs/plots"
)

// analysis is what a network does on a test set, image by image.
type analysis struct {
	data           kmnist.Data
	classes        []kmnist.Class // of the network, by label
	loss, accuracy float64
	confusion      [][]int         // [label][prediction]
	mistakes       []plots.Mistake // the surest first
}

// analyse runs the network over the test set.
func analyse(ctx context.Context, b glyph.Backend, s *runs.Weights, data kmnist.Data) (analysis, error) {
	a := analysis{data: data}
	test := data.Test
	p, err := s.Predictor(b, 256)
	if err != nil {
		return a, err
	}
	classes := p.Net.Classes()
	if err := s.Fits(data); err != nil {
		return a, err
	}
	a.classes = s.ClassNames()
	a.confusion = make([][]int, classes)
	for i := range a.confusion {
		a.confusion[i] = make([]int, classes)
	}
	hits := 0
	for from := 0; from < test.Len(); from += p.Net.Batch() {
		if ctx.Err() != nil {
			return a, errors.New("interrupted while evaluating")
		}
		to := min(from+p.Net.Batch(), test.Len())
		rows, err := p.Probabilities(test.Images[from*p.Pixels() : to*p.Pixels()])
		if err != nil {
			return a, err
		}
		for i, row := range rows {
			label := int(test.Labels[from+i])
			best := recognise.Rank(row, a.classes)[0].Label
			a.confusion[label][best]++
			a.loss -= math.Log(max(row[label], math.SmallestNonzeroFloat64)) / float64(test.Len())
			if best == label {
				hits++
				continue
			}
			a.mistakes = append(a.mistakes, plots.Mistake{
				Image: picture(test, from+i), Label: label, Predicted: best,
				Probability: row[best], LabelProbability: row[label],
			})
		}
	}
	a.accuracy = float64(hits) / float64(max(test.Len(), 1))
	slices.SortStableFunc(a.mistakes, func(x, y plots.Mistake) int { return cmp.Compare(y.Probability, x.Probability) })
	return a, nil
}

func picture(s kmnist.Set, i int) plots.Image { return plots.Image{Pixels: s.Image(i), H: s.H, W: s.W} }

// examples is the first n images of each class.
func examples(s kmnist.Set, classes, n int) [][]plots.Image {
	rows := make([][]plots.Image, classes)
	for i, label := range s.Labels {
		if int(label) < classes && len(rows[label]) < n {
			rows[label] = append(rows[label], picture(s, i))
		}
	}
	return rows
}

// labels is the classes' names for a drawing.
func labels(classes []kmnist.Class) []string {
	names := make([]string, len(classes))
	for i, c := range classes {
		names[i] = c.Name
	}
	return names
}

// maxFilters is how many filters are drawn.
const maxFilters = 96

// filters is the weights of the first layer that has any, an image each: of a
// convolution (K, R, S, C) its windows and of a dense layer (Out, H·W·C) its
// pixels, over the first channel. The text says which layer it is.
func filters(s *runs.Weights) (list []plots.Filter, about string, err error) {
	stages, err := s.Spec.Plan()
	if err != nil {
		return nil, "", err
	}
	for _, st := range stages {
		if len(st.Params) == 0 {
			continue
		}
		h, w, c := st.In[0], st.In[1], st.In[2]
		if st.In.Rank() == 1 { // flattened
			in := s.Spec.InputShape()
			h, w, c = in[0], in[1], in[2]
		}
		if shape := st.Params[0].Shape; shape.Rank() == 4 {
			h, w, c = shape[1], shape[2], shape[3]
		}
		at := slices.IndexFunc(s.Tensors, func(a models.NamedArray) bool { return a.Name == st.Name+"."+st.Params[0].Name })
		all := s.Tensors[at]
		total := all.Shape[0]
		for k := range min(total, maxFilters) {
			f := plots.Filter{H: h, W: w, Weights: make([]float32, h*w)}
			for i := range f.Weights {
				f.Weights[i] = all.Data[(k*h*w+i)*c]
			}
			list = append(list, f)
		}
		about = fmt.Sprintf("%s: %s, %d×%d weights each", st.Name, st.Layer, h, w)
		if total > len(list) {
			about += fmt.Sprintf(", the first %d of %d", len(list), total)
		}
		return list, about, nil
	}
	return nil, "", nil
}

// summaryOf is the summary of the run that weights belong to; it is zero for a
// weights file alone and for a run without one.
func summaryOf(s *runs.Weights) (runs.Summary, error) {
	if s.Dir == "" {
		return runs.Summary{}, nil
	}
	sum, err := runs.ReadSummary(s.Dir)
	if err != nil || sum == nil {
		return runs.Summary{}, err
	}
	return *sum, nil
}

// curve is a training's epochs in the words of package plots.
func curve(history []runs.Epoch) []plots.Epoch {
	known := func(v *float64) float64 {
		if v == nil {
			return math.NaN()
		}
		return *v
	}
	points := make([]plots.Epoch, len(history))
	for i, e := range history {
		points[i] = plots.Epoch{
			Epoch: e.Epoch, TrainLoss: e.TrainLoss, TrainAccuracy: e.TrainAccuracy,
			ValidationLoss: known(e.ValidationLoss), ValidationAccuracy: known(e.ValidationAccuracy),
		}
	}
	return points
}
