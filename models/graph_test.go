package models_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"glyph"
	"glyph/models"
)

// diamond is a graph in which one value has three readers, and a sum takes the
// same value twice.
func diamond(act glyph.Activation) models.Graph {
	var g models.Graph
	x := g.Add(models.Conv2D{Filters: 3, Kernel: 1, Conv: glyph.Conv{Stride: 1}}, models.Input)
	a := g.Add(models.Conv2D{Filters: 3, Kernel: 3, Conv: glyph.Conv{Stride: 1, Pad: 1}, Activation: glyph.Activation{Kind: glyph.Tanh}}, x)
	b := g.Add(models.BatchNorm2D{Norm: glyph.DefaultBatchNorm(), Activation: act}, x)
	s := g.Add(models.Add{Activation: act}, a, b)
	s = g.Add(models.Add{}, s, x)
	s = g.Add(models.Add{}, s, s)
	s = g.Add(models.AvgPool2D{Pool: glyph.Pool{Size: 2, Stride: 1}}, s)
	s = g.Add(models.GlobalPool2D{Pool: glyph.Average}, s)
	g.Add(models.Dense{Units: 3}, s)
	return g
}

// The gradients of values with several readers are those of a 4-point stencil.
func TestGradientOfGraph(t *testing.T) {
	b := oracle(t)
	const n = 3
	net, err := models.Build(b, glyph.Shape{4, 3, 2}, diamond(glyph.Activation{Kind: glyph.Sigmoid}), n)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(2)
	checkGradient(t, b, net, n, 1e-3)
}

// A sum without activation costs its backward pass nothing, and gradients of a
// value are added from its last reader to its first.
func TestOperationsOfGraph(t *testing.T) {
	r := &recorder{}
	var g models.Graph
	x := g.Add(models.Conv2D{Filters: 2, Kernel: 1, Conv: glyph.Conv{Stride: 1}}, models.Input)
	y := g.Add(models.Conv2D{Filters: 2, Kernel: 3, Conv: glyph.Conv{Stride: 1, Pad: 1}}, x)
	y = g.Add(models.Add{}, y, x)
	y = g.Add(models.GlobalPool2D{Pool: glyph.Maximum}, y)
	g.Add(models.Dense{Units: 3}, y)
	net, err := models.Build(r, glyph.Shape{4, 4, 1}, g, 2)
	if err != nil {
		t.Fatal(err)
	}
	net.Forward(2, true)
	net.Backward(2)
	want := []string{
		"Conv2D (2, 4, 4, 2)", "Conv2D (2, 4, 4, 2)", "Add (2, 4, 4, 2)", "GlobalPool2D (2, 2)", "Dense (2, 3)",
		"DenseBackward (2, 2)", "GlobalPool2DBackward (2, 4, 4, 2)", "Conv2DBackward (2, 4, 4, 2)", "Add (2, 4, 4, 2)", "Conv2DBackward ()",
	}
	if !slices.Equal(r.ops, want) {
		t.Errorf("a step asks for\n\t%s\nwant\n\t%s", strings.Join(r.ops, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// Sharing memory changes no number: a network whose outputs are overwritten as
// soon as nothing needs them computes what one in training does.
func TestInferenceSharesMemory(t *testing.T) {
	for _, spec := range small {
		b := oracle(t)
		net := newNet(t, b, spec, 4)
		net.SetClock(b.AllocInts(glyph.ClockLen), 1)
		x := normal(net.Input(4).Size(), 1)
		b.Write64(net.Input(4), x)
		net.Forward(4, true) // moves the running statistics
		want := read64(t, b, net.Forward(4, false))

		only, err := models.NewInference(b, spec, 4)
		if err != nil {
			t.Fatal(err)
		}
		if !only.G.IsZero() {
			t.Errorf("%s: a network for inference has gradients", spec.Model)
		}
		b.Write64(only.W, read64(t, b, net.W))
		for range 2 {
			b.Write64(only.Input(4), x)
			if got := read64(t, b, only.Forward(4, false)); !slices.Equal(got, want) {
				t.Errorf("%s: logits %v, want %v", spec.Model, got, want)
			}
		}
	}
}

// State is not moved by an evaluation, and is by training.
func TestStateMovesInTrainingOnly(t *testing.T) {
	b := oracle(t)
	net := newNet(t, b, models.Spec{Model: "vgg", Input: []int{4, 4, 1}, Filters: []int{3}}, 4)
	net.SetClock(b.AllocInts(glyph.ClockLen), 1)
	b.Write64(net.Input(4), normal(net.Input(4).Size(), 1))
	state := func() []float64 { return read64(t, b, net.W)[net.Trained:] }
	before := state()
	net.Forward(4, false)
	if !slices.Equal(state(), before) {
		t.Error("an evaluation moves the running statistics")
	}
	net.Forward(4, true)
	if slices.Equal(state(), before) {
		t.Error("training does not move the running statistics")
	}
}

func TestGraphErrors(t *testing.T) {
	image := glyph.Shape{8, 8, 2}
	conv := func(k int) models.Layer {
		return models.Conv2D{Filters: k, Kernel: 3, Conv: glyph.Conv{Stride: 1, Pad: 1}}
	}
	end := []models.Node{{Layer: models.Flatten{}, Inputs: []models.Value{1}}, {Layer: models.Dense{Units: 2}, Inputs: []models.Value{2}}}
	for _, c := range []struct {
		g    models.Graph
		want []string
	}{
		{models.Graph{{Layer: conv(2), Inputs: nil}}, []string{"conv2d_1", "1 input", "not 0"}},
		{models.Graph{{Layer: conv(2), Inputs: []models.Value{1}}}, []string{"conv2d_1", "value 1"}},
		{models.Graph{{Layer: conv(2), Inputs: []models.Value{-1}}}, []string{"conv2d_1", "value -1"}},
		{models.Graph{{Layer: conv(2), Inputs: []models.Value{0}}, {Layer: models.Add{}, Inputs: []models.Value{1}}}, []string{"add_1", "2 inputs", "not 1"}},
		{models.Graph{{Layer: conv(3), Inputs: []models.Value{0}}, {Layer: models.Add{}, Inputs: []models.Value{1, 0}}}, []string{"add_1", "(8, 8, 3)", "(8, 8, 2)"}},
		{append(models.Graph{{Layer: conv(2), Inputs: []models.Value{0}}}, append(end[:1:1], models.Node{Layer: models.Dense{Units: 2}, Inputs: []models.Value{2}}, models.Node{Layer: models.Dense{Units: 2}, Inputs: []models.Value{2}})...),
			[]string{"dense_1", "no layer takes its output"}},
		{models.Graph{{Layer: models.GlobalPool2D{}, Inputs: []models.Value{0}}}, []string{"needs a layer with parameters"}},
	} {
		_, err := models.Plan(image, c.g)
		oneLine(t, err, c.want...)
	}
}

// The published residual network of 20 layers has 0.27 million parameters (He et
// al. 2016), and the pairs of vgg those that a hand count gives.
func TestGraphPresets(t *testing.T) {
	for _, c := range []struct {
		spec   models.Spec
		params int
	}{
		{models.Spec{Model: "vgg"}, 162_562},
		{models.Spec{Model: "resnet"}, 271_994},
		{models.Spec{Model: "resnet", Depth: 8, Width: 8}, 19_714},
	} {
		if got := c.spec.ParamCount(); got != c.params {
			t.Errorf("%v: %d parameters, want %d", c.spec, got, c.params)
		}
	}
	for _, spec := range []models.Spec{{Model: "resnet", Shortcut: models.ShortcutNone}, {Model: "vgg", Norm: models.NormNone}} {
		stages, err := spec.Plan()
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range stages {
			if kind := s.Layer.Kind(); kind == "add" || spec.Model == "vgg" && kind == "batchnorm2d" {
				t.Errorf("%v has the layer %s", spec, fmt.Sprint(s.Layer))
			}
		}
	}
}
