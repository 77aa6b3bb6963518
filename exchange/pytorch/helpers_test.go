package pytorch_test

import (
	"slices"
	"strings"
	"testing"

	"glyph/models"
)

// oneLine fails unless err is an error of one line that holds each of parts.
func oneLine(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want one about %q", parts)
		return
	}
	text := err.Error()
	if strings.ContainsAny(text, "\n\r") || len(text) > 300 {
		t.Errorf("error is not one short line: %q", text)
	}
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("error %q does not say %q", text, part)
		}
	}
}

// presetSpecs is every preset with its defaults, and some settings.
func presetSpecs() []models.Spec {
	var specs []models.Spec
	for _, name := range models.PresetNames() {
		specs = append(specs, models.Spec{Model: name})
	}
	return append(specs,
		models.Spec{Model: "mlp", Hidden: []int{100, 50}, Activation: "leaky-relu:0.2", Dropout: []float64{0.5}, Init: "he-normal", L2: 1e-4},
		models.Spec{Model: "cnn", Filters: []int{8, 16}, Units: []int{40, 30}, Activation: "tanh", Dropout: []float64{0, 0.1, 0.5}, Classes: 49},
		models.Spec{Model: "cnn", Input: []int{32, 24, 3}, Dropout: []float64{0}},
		models.Spec{Model: "vgg", Filters: []int{4, 4}, Norm: models.NormNone},
		models.Spec{Model: "resnet", Depth: 14, Width: 3, Dropout: []float64{0.1}, Activation: "leaky-relu:0.2"},
		models.Spec{Model: "resnet", Depth: 8, Width: 3, Shortcut: models.ShortcutNone},
	)
}

// numbered is the parameters of a network, every number different.
func numbered(t testing.TB, spec models.Spec) []models.NamedArray {
	t.Helper()
	stages, err := spec.Plan()
	if err != nil {
		t.Fatal(err)
	}
	var arrays []models.NamedArray
	next := float32(0)
	for _, s := range stages {
		for _, p := range s.Params {
			a := models.NamedArray{Name: s.Name + "." + p.Name, Shape: slices.Clone(p.Shape[:p.Shape.Rank()]), Data: make([]float32, p.Shape.Size())}
			for i := range a.Data {
				a.Data[i] = next
				next++
			}
			arrays = append(arrays, a)
		}
	}
	return arrays
}
