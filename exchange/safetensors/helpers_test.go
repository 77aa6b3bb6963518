package safetensors_test

import (
	"strings"
	"testing"

	"glyph"
	"glyph/cpu"
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

func oracle(t testing.TB) cpu.Oracle {
	t.Helper()
	b := cpu.NewOracle(1)
	t.Cleanup(func() { b.Close() }) //nolint:errcheck // a processor does not fail
	return b
}

func newNet(t testing.TB, b glyph.Backend, spec models.Spec, batch int) *models.Network {
	t.Helper()
	net, err := models.New(b, spec, batch)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	return net
}

// normal draws n numbers.
func normal(n int, id uint32) []float64 {
	r := glyph.NewRand(7, glyph.StreamTest, id)
	v := make([]float64, n)
	for i := range v {
		v[i] = r.Normal()
	}
	return v
}

func read(t testing.TB, b glyph.Backend, x glyph.Tensor) []float32 {
	t.Helper()
	v := make([]float32, x.Size())
	if err := b.Read(v, x); err != nil {
		t.Fatal(err)
	}
	return v
}

// small is a spec of each preset for tests that run it in float64. Sizes are no
// multiples of glyph.Align, so there is padding.
var small = []models.Spec{
	{Model: "linear", Input: []int{3, 2, 2}, Classes: 3},
	{Model: "mlp", Input: []int{4, 3, 1}, Classes: 3, Hidden: []int{7, 5}, Activation: "sigmoid", Dropout: []float64{0.3}},
	{Model: "cnn", Input: []int{8, 9, 1}, Classes: 4, Filters: []int{3, 2, 4}, Units: []int{5}, Activation: "tanh", Dropout: []float64{0.25, 0.5}},
	{Model: "kmnist-benchmark", Input: []int{7, 7, 1}, Classes: 3, Activation: "tanh"},
	{Model: "vgg", Input: []int{5, 6, 1}, Classes: 3, Filters: []int{3, 5}},
	{Model: "vgg", Input: []int{5, 6, 1}, Classes: 3, Filters: []int{3}, Norm: models.NormNone},
	{Model: "resnet", Input: []int{6, 5, 1}, Classes: 3, Depth: 8, Width: 3},
}
