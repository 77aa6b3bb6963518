package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"glyph"
	"glyph/exchange/safetensors"
	"glyph/models"
	"glyph/recognise"
	"glyph/runs"
)

// saved is a trained network as it lies on the disk.
type saved struct {
	path   string // of the weights file
	dir    string // of the run, or "" for a weights file alone
	spec   models.Spec
	arrays []models.NamedArray
	kept
	metadata map[string]string
}

// openSaved reads the weights of RUN, a directory of glyph train --out or a
// weights file.
func openSaved(run string) (saved, error) {
	s := saved{path: run}
	if info, err := os.Stat(run); err == nil && info.IsDir() {
		s.dir, s.path = run, runWeights(run)
	}
	spec, weights, err := safetensors.Load(s.path)
	if err != nil {
		return saved{}, err
	}
	s.spec, s.arrays, s.metadata = spec, weights.Tensors, weights.Metadata
	if s.kept, err = readMetadata(weights.Metadata); err != nil {
		return saved{}, fmt.Errorf("weights file %s: %w", s.path, err)
	}
	if n := spec.InputShape().Size(); len(s.mean) != 1 && len(s.mean) != n {
		return saved{}, fmt.Errorf("weights file %s: its metadata normalises %d pixels and the network takes %d", s.path, len(s.mean), n)
	}
	if n := spec.WithDefaults().Classes; s.classes != nil && len(s.classes) != n {
		return saved{}, fmt.Errorf("weights file %s: its metadata names %d classes and the network has %d", s.path, len(s.classes), n)
	}
	return s, nil
}

// network builds the network on a backend, for batches of so many images.
func (s saved) network(b glyph.Backend, batch int) (*models.Sequential, error) {
	net, err := models.New(b, s.spec, batch)
	if err != nil {
		return nil, err
	}
	if err := net.SetWeights(s.arrays); err != nil {
		return nil, fmt.Errorf("weights file %s: %w", s.path, err)
	}
	return net, nil
}

// predictor is the network with its normalisation.
func (s saved) predictor(b glyph.Backend, batch int) (*models.Predictor, error) {
	net, err := s.network(b, batch)
	if err != nil {
		return nil, err
	}
	return models.NewPredictor(b, net, s.mean, s.scale)
}

// newRecogniser is a recogniser with the saved network, for pictures of at most
// so many pixels.
func newRecogniser(s saved, b glyph.Backend, maxPixels int) (*recognise.Recogniser, error) {
	p, err := s.predictor(b, 1)
	if err != nil {
		return nil, err
	}
	r, err := recognise.New(p, s.names(), maxPixels)
	if err != nil {
		return nil, fmt.Errorf("weights file %s: %w", s.path, err)
	}
	return r, nil
}

// runWeights is the weights file of a run: the one that was evaluated, and
// before there is a summary that of the last epoch.
func runWeights(dir string) string {
	name := runs.LastFile
	if text, err := os.ReadFile(filepath.Join(dir, runs.SummaryFile)); err == nil {
		var s summary
		if json.Unmarshal(text, &s) == nil && s.Weights == runs.BestFile {
			name = s.Weights
		}
	}
	return filepath.Join(dir, name)
}
