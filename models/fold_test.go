package models_test

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/models"
)

// trained is weights as after a training: vectors are no initial values, and
// variances are positive.
func trained(t testing.TB, stages []models.Stage) (arrays []models.NamedArray) {
	t.Helper()
	r := glyph.NewRand(5, glyph.StreamTest, 1)
	for _, s := range stages {
		for _, p := range s.Params {
			a := models.NamedArray{Name: s.Name + "." + p.Name, Shape: slices.Clone(p.Shape[:p.Shape.Rank()]), Data: make([]float32, p.Shape.Size())}
			for i := range a.Data {
				switch {
				case p.Name == "running_var":
					a.Data[i] = float32(0.2 + 3*r.Float64())
				case p.Start == models.Random:
					a.Data[i] = float32(r.Normal() * math.Sqrt(2/float64(p.FanIn)))
				default:
					a.Data[i] = float32(r.Normal())
				}
			}
			arrays = append(arrays, a)
		}
	}
	return arrays
}

// names is those of the stages of one kind.
func names(stages []models.Stage, kind string) (list []string) {
	for _, s := range stages {
		if s.Layer.Kind() == kind {
			list = append(list, s.Name)
		}
	}
	return list
}

// A folded network has the same probabilities, with fewer layers.
func TestFold(t *testing.T) {
	for _, c := range []struct {
		spec models.Spec
		left string // the normalisations that stay
	}{
		{models.Spec{Model: "vgg", Input: []int{8, 9, 1}, Filters: []int{3, 5}}, ""},
		{models.Spec{Model: "vgg", Input: []int{8, 9, 1}, Filters: []int{3, 5}, Norm: models.NormNone}, ""},
		{models.Spec{Model: "vgg", Input: []int{8, 9, 2}, Filters: []int{4}, Activation: "tanh"}, ""},
		// The first in each block reads what the shortcut reads too, or comes after a sum.
		{models.Spec{Model: "resnet", Input: []int{8, 9, 1}, Depth: 8, Width: 3}, "batchnorm2d_1 batchnorm2d_3 batchnorm2d_5 batchnorm2d_7"},
		{models.Spec{Model: "resnet", Input: []int{8, 9, 1}, Depth: 8, Width: 3, Shortcut: models.ShortcutNone}, ""},
		{models.Spec{Model: "cnn", Input: []int{8, 8, 1}, Filters: []int{2}, Units: []int{3}}, ""},
	} {
		stages, err := c.spec.Plan()
		if err != nil {
			t.Fatal(err)
		}
		arrays := trained(t, stages)
		folded, weights, err := models.Fold(stages, arrays)
		if err != nil {
			t.Fatal(err)
		}
		if left := strings.Join(names(folded, "batchnorm2d"), " "); left != c.left {
			t.Errorf("%v keeps %q, want %q", c.spec, left, c.left)
		}
		if !slices.Equal(names(folded, "conv2d"), names(stages, "conv2d")) {
			t.Errorf("%v has the convolutions %v", c.spec, names(folded, "conv2d"))
		}
		if err := models.CheckWeights(folded, weights); err != nil {
			t.Errorf("%v: %v", c.spec, err)
		}
		if slices.IndexFunc(stages, func(s models.Stage) bool { return s.Layer.Kind() == "batchnorm2d" }) < 0 &&
			(!reflect.DeepEqual(folded, stages) || !reflect.DeepEqual(weights, arrays)) {
			t.Errorf("%v has nothing to fold and changes", c.spec)
		}
		same(t, c.spec, arrays)
	}
}

// same holds the probabilities of a folded network to those of the whole, to 1e-5
// in float32.
func same(t *testing.T, spec models.Spec, arrays []models.NamedArray) {
	t.Helper()
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // a processor does not fail
	whole, err := models.NewInference(b, spec, 3)
	if err != nil {
		t.Fatal(err)
	}
	if err := whole.SetWeights(arrays); err != nil {
		t.Fatal(err)
	}
	folded, err := models.NewFolded(b, spec, arrays, 3)
	if err != nil {
		t.Fatal(err)
	}
	pixels := make([]uint8, 7*whole.Input(1).Size()) // more than a batch
	r := glyph.NewRand(6, glyph.StreamTest, 1)
	for i := range pixels {
		pixels[i] = uint8(256 * r.Float64())
	}
	var rows [2][][]float64
	for i, net := range []*models.Network{whole, folded} {
		p, err := models.NewPredictor(b, net, []float32{127}, []float32{1. / 64})
		if err != nil {
			t.Fatal(err)
		}
		if rows[i], err = p.Probabilities(pixels); err != nil {
			t.Fatal(err)
		}
	}
	most := 0.0
	for i := range rows[0] {
		for c := range rows[0][i] {
			most = max(most, math.Abs(rows[0][i][c]-rows[1][i][c]))
		}
	}
	t.Logf("%v: largest difference %.2g", spec, most)
	if !(most <= 1e-5) {
		t.Errorf("%v: probabilities differ by %v", spec, most)
	}
}

// What is folded by hand: 2·(3x + 1 - 5)/√4 + 7 = 3x + 3.
func TestFoldByHand(t *testing.T) {
	norm := models.BatchNorm2D{Norm: glyph.BatchNorm{Eps: 1, Momentum: 0.1}, Activation: glyph.Activation{Kind: glyph.Tanh}}
	fold := func(conv models.Conv2D, w []float32, gamma float32, after ...models.Layer) ([]models.Stage, []models.NamedArray) {
		t.Helper()
		conv.Filters, conv.Kernel, conv.Conv = 1, 1, glyph.Conv{Stride: 1}
		stages, err := models.Plan(glyph.Shape{2, 2, 1}, models.Chain(append(append([]models.Layer{conv}, after...), models.GlobalPool2D{})...))
		if err != nil {
			t.Fatal(err)
		}
		arrays := []models.NamedArray{{Name: "conv2d_1.weight", Shape: []int{1, 1, 1, 1}, Data: w[:1]}}
		if len(w) > 1 {
			arrays = append(arrays, models.NamedArray{Name: "conv2d_1.bias", Shape: []int{1}, Data: w[1:]})
		}
		for i, name := range []string{"weight", "bias", "running_mean", "running_var"} {
			arrays = append(arrays, models.NamedArray{Name: "batchnorm2d_1." + name, Shape: []int{1}, Data: []float32{[]float32{gamma, 7, 5, 3}[i]}})
		}
		stages, arrays, err = models.Fold(stages, arrays)
		if err != nil {
			t.Fatal(err)
		}
		return stages, arrays
	}
	stages, arrays := fold(models.Conv2D{}, []float32{3, 1}, 2, norm)
	if c, ok := stages[0].Layer.(models.Conv2D); len(stages) != 2 || !ok || c.NoBias || c.Activation != norm.Activation ||
		arrays[0].Data[0] != 3 || arrays[1].Data[0] != 3 || stages[1].Inputs[0] != 1 {
		t.Errorf("%+v %+v", stages, arrays)
	}
	if _, arrays = fold(models.Conv2D{NoBias: true}, []float32{3}, 2, norm); arrays[1].Data[0] != 2 || arrays[1].Name != "conv2d_1.bias" {
		t.Errorf("without a bias: %+v", arrays)
	}
	for name, f := range map[string]func() ([]models.Stage, []models.NamedArray){
		"an activation between": func() ([]models.Stage, []models.NamedArray) {
			return fold(models.Conv2D{Activation: glyph.Activation{Kind: glyph.ReLU}}, []float32{3, 1}, 2, norm)
		},
		"a pooling between": func() ([]models.Stage, []models.NamedArray) {
			return fold(models.Conv2D{}, []float32{3, 1}, 2, models.MaxPool2D{Pool: glyph.Pool{Size: 1, Stride: 1}}, norm)
		},
		"an overflow": func() ([]models.Stage, []models.NamedArray) {
			return fold(models.Conv2D{}, []float32{1e30, 1}, 1e30, norm)
		},
	} {
		if stages, arrays := f(); len(names(stages, "batchnorm2d")) != 1 || len(arrays) != 6 {
			t.Errorf("%s: %+v", name, stages)
		}
	}
}
