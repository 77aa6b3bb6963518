package models_test

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"glyph/models"
)

// How many convolutions a network has depends on the images, which may be larger
// than KMNIST's.
func TestFiltersFitImages(t *testing.T) {
	six, nine := []int{2, 2, 2, 2, 2, 2}, []int{2, 2, 2, 2, 2, 2, 2, 2, 2}
	for _, c := range []struct {
		spec     models.Spec
		settings bool   // valid for some images
		want     string // of Validate; "" for valid
	}{
		{models.Spec{Model: "vgg", Filters: six}, true, "filters has 6 numbers, and model vgg halves the image: one of 28×28 takes at most 5"},
		{models.Spec{Model: "vgg", Filters: six, Input: []int{64, 40, 1}}, true, ""},
		{models.Spec{Model: "vgg", Input: []int{30, 2, 1}}, false, "one of 30×2 takes at most 2"},
		{models.Spec{Model: "vgg", Filters: []int{2}, Input: []int{1, 1, 3}}, true, ""},
		{models.Spec{Model: "cnn", Filters: six[:5]}, true, "filters has 5 numbers, and model cnn halves the image: one of 28×28 takes at most 4"},
		{models.Spec{Model: "cnn", Filters: six, Input: []int{64, 64, 1}}, true, ""},
		{models.Spec{Model: "cnn", Input: []int{1, 9, 1}}, false, "an image of 1×9 is too small for model cnn, which halves it"},
		{models.Spec{Model: "cnn", Filters: nine}, true, "takes at most 4"},
		{models.Spec{Model: "vgg", Filters: []int{1 << 20}}, false, "more than 268,435,456 parameters"},
		{models.Spec{Model: "resnet", Input: []int{1, 1, 1}}, true, ""},
	} {
		if err := c.spec.ValidateSettings(); (err == nil) != c.settings {
			t.Errorf("%+v: its settings: %v", c.spec, err)
		}
		if err := c.spec.Validate(); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.spec, err, c.want)
		}
	}
}

func TestSpecErrors(t *testing.T) {
	mlp := func(change func(*models.Spec)) models.Spec {
		s := models.Spec{Model: "mlp"}
		change(&s)
		return s
	}
	many := make([]int, 1000)
	for i := range many {
		many[i] = 1
	}
	for _, c := range []struct {
		spec models.Spec
		want []string
	}{
		{models.Spec{}, []string{`unknown model ""`, "linear, mlp, cnn, kmnist-benchmark"}},
		{models.Spec{Model: "MLP"}, []string{`unknown model "MLP"`}},
		{mlp(func(s *models.Spec) { s.Hidden = []int{0} }), []string{"hidden must be at least 1, not 0"}},
		{mlp(func(s *models.Spec) { s.Hidden = []int{16, -1} }), []string{"hidden must be at least 1, not -1"}},
		{mlp(func(s *models.Spec) { s.Hidden = []int{math.MaxInt} }), []string{"hidden must be at most 1,048,576, not 9,223,372,036,854,775,807"}},
		{mlp(func(s *models.Spec) { s.Hidden = []int{1 << 20} }), []string{"more than 268,435,456 parameters"}},
		{mlp(func(s *models.Spec) { s.Hidden = []int{30000, 30000} }), []string{"dense_2", "more than 268,435,456 parameters"}},
		{mlp(func(s *models.Spec) { s.Hidden = many }), []string{"at most 100 numbers, not 1000"}},
		{mlp(func(s *models.Spec) { s.Activation = "gelu" }), []string{`"gelu"`, "none, relu, leaky-relu, sigmoid, tanh"}},
		{mlp(func(s *models.Spec) { s.Activation = "leaky-relu:0.999999999999" }), []string{"leaky-relu", "1"}},
		{mlp(func(s *models.Spec) { s.Dropout = []float64{1} }), []string{"dropout must be from 0 to below 1 as a float32, not 1"}},
		{mlp(func(s *models.Spec) { s.Dropout = []float64{-0.1} }), []string{"not -0.1"}},
		{mlp(func(s *models.Spec) { s.Dropout = []float64{math.NaN()} }), []string{"not NaN"}},
		{mlp(func(s *models.Spec) { s.Dropout = []float64{0.999999999999} }), []string{"dropout must be", "not 0.999999999999"}},
		{mlp(func(s *models.Spec) { s.Dropout = []float64{0.1, 0.2} }), []string{"dropout has 2 rates", "takes one"}},
		{mlp(func(s *models.Spec) { s.Init = "zeros" }), []string{`"zeros"`, "glorot-uniform"}},
		{mlp(func(s *models.Spec) { s.L2 = math.NaN() }), []string{"l2 must be a number of at least 0 that a float32 holds, not NaN"}},
		{mlp(func(s *models.Spec) { s.L2 = -1 }), []string{"not -1"}},
		{mlp(func(s *models.Spec) { s.L2 = math.Inf(1) }), []string{"not +Inf"}},
		{mlp(func(s *models.Spec) { s.L2 = 1e300 }), []string{"l2"}},
		{mlp(func(s *models.Spec) { s.Classes = 1 }), []string{"classes must be at least 2, not 1"}},
		{mlp(func(s *models.Spec) { s.Classes = 257 }), []string{"classes must be at most 256"}},
		{mlp(func(s *models.Spec) { s.Input = []int{28, 28} }), []string{"height, width and channels"}},
		{mlp(func(s *models.Spec) { s.Input = []int{28, 0, 1} }), []string{"input must be at least 1, not 0"}},
		{mlp(func(s *models.Spec) { s.Input = []int{1 << 20, 1 << 20, 1 << 20} }), []string{"too large"}},
		{mlp(func(s *models.Spec) { s.Filters = []int{8} }), []string{"filters can't be set for model mlp; it has hidden, activation, dropout"}},
		{mlp(func(s *models.Spec) { s.Units = []int{8} }), []string{"units can't be set for model mlp"}},
		{models.Spec{Model: "linear", Hidden: []int{8}}, []string{"hidden can't be set for model linear"}},
		{models.Spec{Model: "linear", Activation: "relu"}, []string{"activation can't be set for model linear"}},
		{models.Spec{Model: "linear", Dropout: []float64{0.5}}, []string{"dropout can't be set for model linear"}},
		{models.Spec{Model: "kmnist-benchmark", Filters: []int{8}}, []string{"filters can't be set for model kmnist-benchmark"}},
		{models.Spec{Model: "kmnist-benchmark", Dropout: []float64{0, 0, 0}}, []string{"dropout has 3 rates", "or 2"}},
		{models.Spec{Model: "cnn", Hidden: []int{8}}, []string{"hidden can't be set for model cnn"}},
		{models.Spec{Model: "cnn", Filters: []int{8, 0}}, []string{"filters must be at least 1, not 0"}},
		{models.Spec{Model: "cnn", Units: []int{-5}}, []string{"units must be at least 1, not -5"}},
		{models.Spec{Model: "cnn", Filters: []int{1, 1, 1, 1, 1}}, []string{"filters has 5 numbers", "28×28", "at most 4"}},
		{models.Spec{Model: "cnn", Filters: []int{1 << 20, 1 << 20}}, []string{"parameters"}},
	} {
		oneLine(t, c.spec.Validate(), c.want...)
		if _, err := models.Summary(c.spec); err == nil {
			t.Errorf("%+v has a summary", c.spec)
		}
	}
}

// A network with one place for dropout is not offered a list of one.
func TestDropoutOfOnePlace(t *testing.T) {
	err := models.Spec{Model: "vgg", Dropout: []float64{0.1, 0.2}}.Validate()
	if err == nil || err.Error() != "dropout has 2 rates; this network takes one" {
		t.Error(err)
	}
}

// A spec that went through JSON builds the same network.
func TestSpecJSON(t *testing.T) {
	for _, spec := range slices.Concat(presetSpecs(), small) {
		if err := spec.Validate(); err != nil {
			t.Errorf("%+v: %v", spec, err)
			continue
		}
		text, err := spec.JSON()
		if err != nil {
			t.Fatal(err)
		}
		got, err := models.ParseSpec(text)
		if err != nil || !reflect.DeepEqual(got, spec.WithDefaults()) {
			t.Errorf("%s reads as %+v, %v; want %+v", text, got, err, spec.WithDefaults())
		}
		if again := got.WithDefaults(); !reflect.DeepEqual(again, got) {
			t.Errorf("defaults of a full spec change it: %+v to %+v", got, again)
		}
		graph, err := spec.Graph()
		if err != nil {
			t.Fatal(err)
		}
		if back, err := got.Graph(); err != nil || !reflect.DeepEqual(graph, back) {
			t.Errorf("%s builds %v, %v; want %v", text, back, err, graph)
		}
	}
}

func TestParseSpecErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "not the JSON"},
		{"[]", "not the JSON"},
		{`{"model":"mlp"`, "not the JSON"},
		{`{"model":"mlp"} {}`, "data after its end"},
		{`{"model":"mlp","layers":3}`, "layers"},
		{`{"model":"mlp","hidden":[1.5]}`, "not the JSON"},
		{`{"model":"mlp","hidden":[0]}`, "hidden"},
		{`{"model":"lenet"}`, "unknown model"},
	} {
		_, err := models.ParseSpec(c.text)
		oneLine(t, err, c.want)
	}
}

func TestSpecString(t *testing.T) {
	for _, c := range []struct {
		spec models.Spec
		want string
	}{
		{models.Spec{Model: "linear"}, "linear"},
		{models.Spec{Model: "mlp", L2: 1e-4}, "mlp 256, relu, l2 0.0001"},
		{models.Spec{Model: "cnn", Dropout: []float64{0, 0.5}, Init: "he-normal"}, "cnn 32-64-64, 256, relu, dropout 0-0.5, he-normal"},
		{models.Spec{Model: "kmnist-benchmark"}, "kmnist-benchmark, relu, dropout 0.25-0.5"},
		{models.Spec{Model: "nothing"}, "nothing"},
	} {
		if got := c.spec.String(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// What a spec is built from is not shared with the presets.
func TestDefaultsAreCopies(t *testing.T) {
	s := models.Spec{Model: "cnn"}.WithDefaults()
	s.Filters[0], s.Dropout[0] = 1, 0.9
	if again := (models.Spec{Model: "cnn"}).WithDefaults(); again.Filters[0] != 32 || again.Dropout[0] == 0.9 {
		t.Errorf("changing a spec changed the preset: %v", again)
	}
}

func TestPresetAbout(t *testing.T) {
	for _, name := range models.PresetNames() {
		if models.PresetAbout(name) == "" {
			t.Errorf("%s says nothing about itself", name)
		}
	}
}
