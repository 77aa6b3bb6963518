package models_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"glyph"
	"glyph/models"
)

func TestPresetShapes(t *testing.T) {
	for _, c := range []struct {
		spec   models.Spec
		names  []string
		shapes []glyph.Shape
		params int
	}{
		{models.Spec{Model: "linear"}, []string{"flatten_1", "dense_1"}, []glyph.Shape{{784}, {10}}, 7850},
		{models.Spec{Model: "mlp"}, []string{"flatten_1", "dense_1", "dense_2"}, []glyph.Shape{{784}, {256}, {10}}, 203530},
		{models.Spec{Model: "mlp", Hidden: []int{64, 32}, Dropout: []float64{0.1}},
			[]string{"flatten_1", "dense_1", "dropout_1", "dense_2", "dropout_2", "dense_3"},
			[]glyph.Shape{{784}, {64}, {64}, {32}, {32}, {10}}, 784*64 + 64 + 64*32 + 32 + 32*10 + 10},
		{models.Spec{Model: "cnn", Dropout: []float64{0.5}},
			[]string{"conv2d_1", "maxpool2d_1", "conv2d_2", "maxpool2d_2", "conv2d_3", "maxpool2d_3", "flatten_1", "dropout_1", "dense_1", "dropout_2", "dense_2"},
			[]glyph.Shape{{28, 28, 32}, {14, 14, 32}, {14, 14, 64}, {7, 7, 64}, {7, 7, 64}, {3, 3, 64}, {576}, {576}, {256}, {256}, {10}},
			320 + 18496 + 36928 + 147712 + 2570},
		// Keras reports 1,199,882 parameters for the authors' network.
		{models.Spec{Model: "kmnist-benchmark"},
			[]string{"conv2d_1", "conv2d_2", "maxpool2d_1", "dropout_1", "flatten_1", "dense_1", "dropout_2", "dense_2"},
			[]glyph.Shape{{26, 26, 32}, {24, 24, 64}, {12, 12, 64}, {12, 12, 64}, {9216}, {128}, {128}, {10}}, 1199882},
	} {
		t.Run(c.spec.String(), func(t *testing.T) {
			stages, err := c.spec.Plan()
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			var shapes []glyph.Shape
			params := 0
			for _, s := range stages {
				names, shapes, params = append(names, s.Name), append(shapes, s.Out), params+s.ParamCount()
			}
			if !slices.Equal(names, c.names) {
				t.Errorf("layers %v, want %v", names, c.names)
			}
			if !slices.Equal(shapes, c.shapes) {
				t.Errorf("shapes %v, want %v", shapes, c.shapes)
			}
			if params != c.params {
				t.Errorf("%d parameters, want %d", params, c.params)
			}
		})
	}
}

// Each rate goes to its place, one rate to all, and 0 makes no layer.
func TestDropoutPlaces(t *testing.T) {
	for _, c := range []struct {
		spec models.Spec
		want string
	}{
		{models.Spec{Model: "mlp", Hidden: []int{4, 5}, Dropout: []float64{0.1, 0.2}}, "dense 4 [dropout 0.1] dense 5 [dropout 0.2] dense 10"},
		{models.Spec{Model: "mlp", Hidden: []int{4, 5}, Dropout: []float64{0, 0.2}}, "dense 4 dense 5 [dropout 0.2] dense 10"},
		{models.Spec{Model: "mlp", Hidden: []int{4, 5}}, "dense 4 dense 5 dense 10"},
		{models.Spec{Model: "cnn", Units: []int{4, 5}, Dropout: []float64{0.1, 0.2, 0.3}}, "[dropout 0.1] dense 4 [dropout 0.2] dense 5 [dropout 0.3] dense 10"},
		{models.Spec{Model: "cnn", Units: []int{4}, Dropout: []float64{0.5}}, "[dropout 0.5] dense 4 [dropout 0.5] dense 10"},
		{models.Spec{Model: "kmnist-benchmark"}, "[dropout 0.25] dense 128 [dropout 0.5] dense 10"},
	} {
		graph, err := c.spec.Graph()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, n := range graph {
			switch l := n.Layer.(type) {
			case models.Dense:
				got = append(got, fmt.Sprint("dense ", l.Units))
			case models.Dropout:
				got = append(got, "["+l.String()+"]")
			}
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%+v: %s, want %s", c.spec, text, c.want)
		}
	}
}

func TestTrainingFLOPs(t *testing.T) {
	const conv = 2 * 14 * 14 * 64 * 9 * 32 // also that of 7×7×128·9·64
	for _, c := range []struct {
		spec models.Spec
		want []int // of the layers that have any
	}{
		// 2·(forward + dw) and, for all but the first, dx: 0.82 million.
		{models.Spec{Model: "mlp"}, []int{4 * 784 * 256, 6 * 256 * 10}},
		{models.Spec{Model: "linear"}, []int{4 * 784 * 10}},
		// 46 million.
		{models.Spec{Model: "cnn", Filters: []int{32, 64, 128}}, []int{2 * 2 * 28 * 28 * 32 * 9, 3 * conv, 3 * conv, 6 * 1152 * 256, 6 * 256 * 10}},
	} {
		stages, err := c.spec.Plan()
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, s := range stages {
			if s.TrainingFLOPs != 0 {
				got = append(got, s.TrainingFLOPs)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%v: training FLOPs %v, want %v", c.spec, got, c.want)
		}
	}
}

func TestPlanErrors(t *testing.T) {
	image := glyph.Shape{28, 28, 1}
	flat := models.Flatten{}
	ten := models.Dense{Units: 10}
	conv := models.Conv2D{Filters: 4, Kernel: 3, Conv: glyph.Conv{Stride: 1}}
	for _, c := range []struct {
		in     glyph.Shape
		layers []models.Layer
		want   []string
	}{
		{image, []models.Layer{ten}, []string{"dense_1", "(28, 28, 1)", "flatten"}},
		{image, []models.Layer{flat, models.Dense{Units: 0}}, []string{"dense_1", "at least 1, not 0"}},
		{image, []models.Layer{flat, conv}, []string{"conv2d_1", "(784)", "not an image"}},
		{image, []models.Layer{conv, conv, models.Conv2D{Filters: 4, Kernel: 3}}, []string{"conv2d_3", "stride"}},
		{image, []models.Layer{models.Conv2D{Filters: -1, Kernel: 3, Conv: glyph.Conv{Stride: 1}}}, []string{"conv2d_1", "-1"}},
		{glyph.Shape{2, 2, 1}, []models.Layer{conv}, []string{"conv2d_1", "3×3", "2×2"}},
		{image, []models.Layer{flat, models.MaxPool2D{Pool: glyph.Pool{Size: 2, Stride: 2}}}, []string{"maxpool2d_1", "not an image"}},
		{image, []models.Layer{models.MaxPool2D{Pool: glyph.Pool{Size: 29, Stride: 2}}}, []string{"maxpool2d_1", "29×29"}},
		{image, []models.Layer{flat, models.Dropout{Rate: 1}, ten}, []string{"dropout_1", "not 1"}},
		{image, []models.Layer{flat}, []string{"needs a layer with parameters"}},
		{image, nil, []string{"needs a layer with parameters"}},
		{image, []models.Layer{conv}, []string{"ends in the shape (26, 26, 4)"}},
		{glyph.Shape{}, []models.Layer{ten}, []string{"empty"}},
		{glyph.Shape{1 << 40, 1 << 40, 1}, []models.Layer{flat, ten}, []string{"too large"}},
		// 7 times its inverse modulo 2^64.
		{glyph.Shape{7, 0x6DB6DB6DB6DB6DB7, 1}, []models.Layer{flat, ten}, []string{"too large"}},
		{image, []models.Layer{models.Conv2D{Filters: 1 << 30, Kernel: 1, Conv: glyph.Conv{Stride: 1}}, flat, ten}, []string{"conv2d_1", "too large"}},
		{image, []models.Layer{flat, models.Dense{Units: 1 << 20}, ten}, []string{"dense_1", "more than 268,435,456 parameters"}},
	} {
		_, err := models.Plan(c.in, models.Chain(c.layers...))
		oneLine(t, err, c.want...)
	}
}
