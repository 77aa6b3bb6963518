// Package convert takes a run's weights to files of other software, and makes runs
// of such files. The packages below exchange know formats and layouts; this one
// knows what of a run goes with the weights: the normalisation of pixels, the data,
// the names of the classes.
package convert

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"glyph/exchange/onnx"
	"glyph/exchange/pytorch"
	"glyph/internal/message"
	"glyph/runs"
)

// ClassNamesKey is the entry of an ONNX file's metadata with the names of the classes by
// label, as a JSON list of texts.
const ClassNamesKey = "classes"

// ONNX is the network as a file of an ONNX graph, with its normalisation inside, the
// run's metadata, and the names of the classes.
func ONNX(w *runs.Weights) ([]byte, error) {
	m, err := onnx.Export(w.Spec, w.Tensors, w.Mean, w.Scale)
	if err != nil {
		return nil, err
	}
	metadata := published(w.Entries)
	for _, key := range slices.Sorted(maps.Keys(metadata)) {
		m.Metadata = append(m.Metadata, onnx.Entry{Key: key, Value: metadata[key]})
	}
	var names []string
	for _, c := range w.ClassNames() {
		names = append(names, c.String())
	}
	text, err := json.Marshal(names)
	if err != nil {
		return nil, err
	}
	m.Metadata = append(m.Metadata, onnx.Entry{Key: ClassNamesKey, Value: string(text)})
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
	if err := pytorch.Save(path, w.Spec, n, published(w.Entries)); err != nil {
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

// published is metadata for a file that goes to others: it doesn't say where the data is
// on this machine.
func published(entries map[string]string) map[string]string {
	own := metadata(entries)
	if data, ok := own[runs.DataKey]; ok {
		own[runs.DataKey] = public(data)
	}
	return own
}

// public is the name of data without the directories that it is in.
func public(data string) string {
	if !strings.ContainsAny(data, `/\`) {
		return data
	}
	if name := filepath.Base(filepath.ToSlash(data)); strings.Trim(name, "./") != "" {
		return name
	}
	return "data"
}
