package models_test

import (
	"math"
	"testing"

	"glyph"
	"glyph/models"
)

// Relevance is v·∂s/∂v of the network as it was trained: differences of its logits are
// taken before anything is folded. Weights are rounded to float32 when they are folded,
// which bounds how well the two can agree.
func TestRelevance(t *testing.T) {
	specs := append([]models.Spec{
		{Model: "resnet", Input: []int{5, 6, 3}, Classes: 4, Depth: 8, Width: 2, Shortcut: models.ShortcutNone},
		{Model: "cnn", Input: []int{6, 6, 1}, Classes: 3, Filters: []int{2}, Units: []int{4}},
	}, small...)
	for _, spec := range specs {
		b := oracle(t)
		whole, err := models.NewInference(b, spec, 1)
		if err != nil {
			t.Fatal(err)
		}
		arrays := trained(t, whole.Stages())
		if err := whole.SetWeights(arrays); err != nil {
			t.Fatal(err)
		}
		p := explained(t, b, spec, arrays)
		pixels := make([]uint8, p.Pixels())
		r := glyph.NewRand(8, glyph.StreamTest, 1)
		for i := range pixels {
			pixels[i] = uint8(256 * r.Float64())
		}
		pixels[1] = 0
		const label = 1
		e, err := p.Explain(pixels, label, 2)
		if err != nil {
			t.Fatal(err)
		}
		x := make([]float64, len(pixels))
		score := func(i int, by float64) float64 {
			for j, v := range pixels {
				x[j] = (float64(v) - 90) / 50
			}
			x[i] += by / 50
			b.Write64(whole.Input(1), x)
			z, mean := read64(t, b, whole.Forward(1, false)), 0.0
			for _, v := range z {
				mean += v / float64(len(z))
			}
			return z[label] - mean
		}
		const h = 1e-3
		wrong, size := 0.0, 0.0
		for i, got := range e.Relevance {
			want := float64(pixels[i]) * (score(i, h) - score(i, -h)) / (2 * h)
			wrong += (got - want) * (got - want)
			size += want * want
		}
		t.Logf("%v: error %.2g", spec, math.Sqrt(wrong/size))
		if !(math.Sqrt(wrong/size) < 1e-5) {
			t.Errorf("%v: the relevance is off by %v of its norm", spec, math.Sqrt(wrong/size))
		}
		if e.Relevance[1] != 0 || e.Label != label {
			t.Errorf("%v: a black pixel has relevance %v; label %d", spec, e.Relevance[1], e.Label)
		}
	}
}

func explained(t *testing.T, b glyph.Backend, spec models.Spec, arrays []models.NamedArray) *models.Predictor {
	t.Helper()
	net, err := models.NewFolded(b, spec, arrays, 2)
	if err != nil {
		t.Fatal(err)
	}
	p, err := models.NewPredictor(b, net, []float32{90}, []float32{1. / 50})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The outputs are those that the layers have in an evaluation.
func TestExplainLayers(t *testing.T) {
	b := oracle(t)
	for _, c := range []struct {
		spec  models.Spec
		names []string
	}{
		{models.Spec{Model: "cnn", Input: []int{6, 6, 1}, Filters: []int{2, 3}, Units: []int{4}}, []string{"conv2d_1", "conv2d_2"}},
		{models.Spec{Model: "resnet", Input: []int{5, 6, 1}, Depth: 8, Width: 2}, []string{"conv2d_1", "batchnorm2d_1", "conv2d_2"}},
		{models.Spec{Model: "mlp", Input: []int{3, 2, 1}, Hidden: []int{5}, Dropout: []float64{0.5}}, []string{"dense_1"}},
		{models.Spec{Model: "linear", Input: []int{3, 2, 1}}, nil},
	} {
		stages, err := c.spec.Plan()
		if err != nil {
			t.Fatal(err)
		}
		arrays := trained(t, stages)
		p := explained(t, b, c.spec, arrays)
		pixels := make([]uint8, p.Pixels())
		for i := range pixels {
			pixels[i] = uint8(31 * i)
		}
		e, err := p.Explain(pixels, -1, 3)
		if err != nil || len(e.Layers) != len(c.names) {
			t.Fatalf("%v: %d layers, %v", c.spec, len(e.Layers), err)
		}
		for label, v := range e.Probabilities {
			if v > e.Probabilities[e.Label] {
				t.Errorf("%v: label %d is more probable than %d", c.spec, label, e.Label)
			}
		}
		whole, err := models.NewInference(b, c.spec, 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := whole.SetWeights(arrays); err != nil {
			t.Fatal(err)
		}
		outputs := map[string][]float64{}
		whole.Trace = func(where string, y glyph.Tensor) { outputs[where] = read64(t, b, y) }
		x := make([]float32, len(pixels))
		for i, v := range pixels {
			x[i] = (float32(v) - 90) / 50
		}
		b.Write(whole.Input(1), x)
		whole.Forward(1, false)
		for i, name := range c.names {
			got, want := e.Layers[i], outputs["the output of "+name]
			if name == "conv2d_2" && c.spec.Model == "resnet" {
				want = outputs["the output of batchnorm2d_2"] // which is folded into it
			}
			if got.Stage.Name != name || len(got.Values) != len(want) {
				t.Fatalf("%v: %s with %d values, want %s with %d", c.spec, got.Stage.Name, len(got.Values), name, len(want))
			}
			for j, v := range got.Values {
				if math.Abs(float64(v)-want[j]) > 1e-5*(1+math.Abs(want[j])) {
					t.Fatalf("%v: %s[%d] is %v, want %v", c.spec, name, j, v, want[j])
				}
			}
		}
	}
}

func TestExplainErrors(t *testing.T) {
	b := oracle(t)
	spec := models.Spec{Model: "linear", Input: []int{3, 2, 1}}
	stages, err := spec.Plan()
	if err != nil {
		t.Fatal(err)
	}
	arrays := trained(t, stages)
	p := explained(t, b, spec, arrays)
	_, err = p.Explain(make([]uint8, 12), -1, 0)
	oneLine(t, err, "12 pixels", "one image of 6")
	for _, label := range []int{-2, 10} {
		_, err = p.Explain(make([]uint8, 6), label, 0)
		oneLine(t, err, "no class")
	}
	_, err = models.NewFolded(b, spec, arrays[:1], 1)
	oneLine(t, err, "dense_1.bias")
}
