// Package convert takes a run's weights to files of other software, and makes runs
// of such files. The packages below exchange know formats and layouts; this one
// knows what of a run goes with the weights: the normalisation of pixels, the data,
// the names of the classes.
package convert

import (
	"fmt"
	"maps"
	"slices"

	"glyph/exchange/onnx"
	"glyph/exchange/pytorch"
	"glyph/internal/message"
	"glyph/runs"
)

// ONNX is the network as a file of an ONNX graph, with its normalisation inside and
// the run's metadata.
func ONNX(w *runs.Weights) ([]byte, error) {
	m, err := onnx.Export(w.Spec, w.Tensors, w.Mean, w.Scale)
	if err != nil {
		return nil, err
	}
	metadata := metadata(w.Entries)
	for _, key := range slices.Sorted(maps.Keys(metadata)) {
		m.Metadata = append(m.Metadata, onnx.Entry{Key: key, Value: metadata[key]})
	}
	return onnx.Marshal(m), nil
}

// WritePyTorch writes the weights with PyTorch's names and layouts, and the run's
// metadata, to a safetensors file, whole or not at all. It returns the Python
// program that builds the network and loads the file. The error names the file.
func WritePyTorch(path string, w *runs.Weights) (program string, err error) {
	n, err := pytorch.Export(w.Spec, w.Tensors)
	if err != nil {
		return "", fmt.Errorf("%s: %w", message.Quote(path), err)
	}
	if err := pytorch.Save(path, w.Spec, n, metadata(w.Entries)); err != nil {
		return "", err
	}
	return n.Python(path, w.Spec.InputShape(), runs.MeanKey, runs.ScaleKey), nil
}

// metadata is those of a file's entries that belong to a run.
func metadata(entries map[string]string) map[string]string {
	own := map[string]string{}
	for _, key := range runs.MetadataKeys() {
		if v, ok := entries[key]; ok {
			own[key] = v
		}
	}
	return own
}
