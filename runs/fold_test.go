package runs

import (
	"math"
	"path/filepath"
	"slices"
	"testing"

	"glyph/cpu"
	"glyph/exchange/safetensors"
	"glyph/models"
)

// A predictor has folded its normalisations, and predicts what the network does.
func TestPredictorFolds(t *testing.T) {
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // a processor does not fail
	net, err := models.New(b, models.Spec{Model: "vgg", Filters: []int{3}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	path := filepath.Join(t.TempDir(), "w.safetensors")
	if err := safetensors.Save(path, net, Metadata{Data: "synthetic", Mean: []float32{30}, Scale: []float32{0.01}}.Map()); err != nil {
		t.Fatal(err)
	}
	w, err := OpenWeights(path)
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.Predictor(b, 2)
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(p.Net.Stages(), func(s models.Stage) bool { return s.Layer.Kind() == "batchnorm2d" }) {
		t.Error("a normalisation is left")
	}
	whole, err := w.Network(b, 2)
	if err != nil {
		t.Fatal(err)
	}
	q, err := models.NewPredictor(b, whole, w.Mean, w.Scale)
	if err != nil {
		t.Fatal(err)
	}
	pixels := make([]uint8, 3*784)
	for i := range pixels {
		pixels[i] = uint8(i * i)
	}
	got, err := p.Probabilities(pixels)
	if err != nil {
		t.Fatal(err)
	}
	want, err := q.Probabilities(pixels)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		for c := range want[i] {
			if !(math.Abs(got[i][c]-want[i][c]) <= 1e-5) {
				t.Fatalf("image %d: %v, want %v", i, got[i], want[i])
			}
		}
	}
}
