package runs

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"glyph"
	"glyph/exchange/safetensors"
	"glyph/kmnist"
	"glyph/models"
	"glyph/settings"
	"glyph/train"
)

// Weights is a trained network on disk: the parameters, the network they belong to,
// and how pixels were normalised for it.
type Weights struct {
	Path    string // of the file
	Dir     string // of the run, or "" for a file alone
	Spec    models.Spec
	Tensors []models.NamedArray
	Metadata

	Entries map[string]string // all of the file's metadata
}

// OpenWeights reads the weights of a run's directory, which are those of
// [Run.Weights], or a weights file. Its error names the file and is one line.
func OpenWeights(path string) (*Weights, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return openWeights(weightsFile(path), path)
	}
	return openWeights(path, "")
}

func openWeights(path, dir string) (*Weights, error) {
	spec, file, err := safetensors.Load(path)
	if err != nil {
		return nil, err
	}
	w := &Weights{Path: path, Dir: dir, Spec: spec, Tensors: file.Tensors, Entries: file.Metadata}
	if w.Metadata, err = ParseMetadata(file.Metadata); err != nil {
		return nil, fmt.Errorf("weights file %s: %w", path, err)
	}
	if n := spec.InputShape().Size(); len(w.Mean) != 1 && len(w.Mean) != n {
		return nil, fmt.Errorf("weights file %s: its metadata normalises %d pixels, but the network takes %d", path, len(w.Mean), n)
	}
	if n := spec.WithDefaults().Classes; w.Classes != nil && len(w.Classes) != n {
		return nil, fmt.Errorf("weights file %s: its metadata names %d classes, but the network has %d", path, len(w.Classes), n)
	}
	return w, nil
}

// Summary is the summary of the run that the weights belong to; it is zero for a
// single file and for a run without one.
func (w *Weights) Summary() (Summary, error) {
	if w.Dir == "" {
		return Summary{}, nil
	}
	s, err := ReadSummary(w.Dir)
	if err != nil || s == nil {
		return Summary{}, err
	}
	return *s, nil
}

// ClassNames is the names of the network's classes, by label: those that were
// kept with the weights. Files of older versions have none, and files of other
// software neither: then they are those of the data, if it is there and fits, and
// else the labels.
func (w *Weights) ClassNames() []kmnist.Class {
	if w.Classes != nil {
		return w.Classes
	}
	n := w.Spec.WithDefaults().Classes
	if classes := kmnist.Names(w.Data); len(classes) == n {
		return classes
	}
	return kmnist.Numbered(n)
}

// Pictures says how pictures are framed for the network.
func (w *Weights) Pictures() kmnist.PictureOptions {
	in := w.Spec.InputShape()
	return kmnist.PictureOptions{Size: kmnist.Size{H: in[0], W: in[1], C: in[2]}}
}

// Fits reports why the network can't be evaluated on data.
func (w *Weights) Fits(data kmnist.Data) error {
	in, classes := w.Spec.InputShape(), w.Spec.WithDefaults().Classes
	if in != settings.TrainSet(data.Test).Shape {
		return fmt.Errorf("the network takes images of %v, and those of %s are %s", kmnist.Size{H: in[0], W: in[1], C: in[2]}, data.Source, data.Test.Dimensions())
	}
	if n := len(data.Classes); n > classes {
		return fmt.Errorf("the network has %d classes, and %s has %d", classes, data.Source, n)
	}
	return nil
}

// SameClasses reports the first class of the data whose name differs from the
// network's. The data has no more classes than the network.
func (w *Weights) SameClasses(data kmnist.Data) error {
	names := w.ClassNames()
	for label, c := range data.Classes {
		if c != names[label] {
			return fmt.Errorf("the network's classes are not the data's: label %d is %v for the network and %v in %s", label, names[label], c, data.Source)
		}
	}
	return nil
}

// Evaluate runs the network over the test set of the data, in batches of up to batch
// images. The data must fit the network.
func (w *Weights) Evaluate(ctx context.Context, b glyph.Backend, data kmnist.Data, batch int) (train.Evaluation, error) {
	if err := w.Fits(data); err != nil {
		return train.Evaluation{}, err
	}
	net, err := w.Network(b, batch)
	if err != nil {
		return train.Evaluation{}, err
	}
	return train.Evaluate(ctx, b, net, train.Data{Test: settings.TrainSet(data.Test), Classes: net.Classes(), Mean: w.Mean, Scale: w.Scale})
}

// Network builds the network on a backend, to evaluate up to batch images at a time;
// it can't train. It fails only if the device does.
func (w *Weights) Network(b glyph.Backend, batch int) (*models.Network, error) {
	net, err := models.NewInference(b, w.Spec, batch)
	if err != nil {
		return nil, err
	}
	if err := net.SetWeights(w.Tensors); err != nil {
		return nil, fmt.Errorf("weights file %s: %w", w.Path, err)
	}
	return net, nil
}

// Predictor builds the network with its normalisation: it takes pixels, up to batch
// images at a time. Batch normalisation is folded into convolutions where it can be;
// see models.Fold. It fails only if the device does.
func (w *Weights) Predictor(b glyph.Backend, batch int) (*models.Predictor, error) {
	net, err := models.NewFolded(b, w.Spec, w.Tensors, batch)
	if err != nil {
		return nil, fmt.Errorf("weights file %s: %w", w.Path, err)
	}
	return models.NewPredictor(b, net, w.Mean, w.Scale)
}

// weightsFile is the path of the weights that were kept.
func weightsFile(dir string) string {
	best := filepath.Join(dir, BestFile)
	summary, err := ReadSummary(dir)
	switch {
	case err == nil && summary != nil && summary.Weights == BestFile:
		return best
	case err == nil && summary == nil:
		if _, err := os.Stat(best); err == nil {
			return best
		}
	}
	return filepath.Join(dir, LastFile)
}
