package review

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"glyph/internal/atomicfile"
	"glyph/internal/message"
	"glyph/runs"
	"glyph/runs/plots"
)

// Figure is a drawing with its name, which is also its file's, and its heading.
type Figure struct {
	Name, Caption string
	*plots.Figure
}

const (
	shownMistakes = 40 // at most
	shownExamples = 12 // of each class
)

// Figures is all there is to draw: the curves, only where there is a history of
// the training, the confusion matrix, mistakes, filters and examples.
func (r *Review) Figures() ([]Figure, error) {
	var list []Figure
	if len(r.Summary.History) > 0 {
		var test *plots.Test
		if r.Data.Test.Len() > 0 {
			test = &plots.Test{Epoch: r.Summary.BestEpoch, Loss: r.Loss, Accuracy: r.Accuracy}
		}
		list = append(list, Figure{"curves", "Loss and accuracy", plots.Curves(curves(r.Summary.History), r.Summary.BestEpoch, test)})
	}
	names := make([]string, len(r.Classes))
	for i, c := range r.Classes {
		names[i] = c.Name
	}
	list = append(list, Figure{"confusion", "Confusion matrix", plots.Confusion(r.Confusion, names)})
	shown := r.Mistakes[:min(shownMistakes, len(r.Mistakes))]
	list = append(list, Figure{"mistakes", "Most confident mistakes", plots.Mistakes(shown, names, fmt.Sprintf(
		"the most confident %d of %s on %s; below each, the probabilities of both",
		len(shown), message.Count(len(r.Mistakes), "mistake"), message.Count(r.Data.Test.Len(), "test image")))})
	weights, about, err := filters(r.Weights)
	if err != nil {
		return nil, err
	}
	list = append(list, Figure{"filters", "Weights of the first layer", plots.Filters(weights, about)})
	return append(list, Figure{"classes", "Examples of each class", plots.Classes(
		Examples(r.Data.Train, len(names), shownExamples), names, "the first training images of "+r.Data.Source)}), nil
}

// WriteFigures draws all figures into files of a directory, which it makes, in a
// format of package plots. It returns their paths.
func (r *Review) WriteFigures(dir, format string) (paths []string, err error) {
	list, err := r.Figures()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	for _, f := range list {
		var b bytes.Buffer
		if err := f.Write(&b, format); err != nil {
			return paths, err
		}
		path := filepath.Join(dir, f.Name+"."+format)
		if err := atomicfile.WriteFile(path, b.Bytes()); err != nil {
			return paths, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// curves converts a training's epochs for package plots.
func curves(history []runs.Epoch) []plots.Epoch {
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
