package models_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"glyph"
	"glyph/models"
)

// numbered is the parameters of a network, every number different.
func numbered(t *testing.T, spec models.Spec) []models.NamedArray {
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

// TestChannelsFirst looks at single numbers in both layouts.
func TestChannelsFirst(t *testing.T) {
	spec := models.Spec{Model: "cnn", Input: []int{4, 6, 2}, Filters: []int{3}, Units: []int{18}, Classes: 2}
	stages, err := spec.Plan()
	if err != nil {
		t.Fatal(err)
	}
	own := numbered(t, spec)
	other, err := models.ChannelsFirst(stages, own)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := other[0].Shape, []int{3, 2, 3, 3}; !slices.Equal(got, want) {
		t.Errorf("a convolution has %v, want %v", got, want)
	}
	for k := range 3 {
		for c := range 2 {
			for r := range 3 {
				for s := range 3 {
					if got, want := other[0].Data[((k*2+c)*3+r)*3+s], own[0].Data[((k*3+r)*3+s)*2+c]; got != want {
						t.Fatalf("weight %d %d %d %d is %v, want %v", k, c, r, s, got, want)
					}
				}
			}
		}
	}
	// What is flattened is 2×3 pixels of 3 channels.
	for u := range 18 {
		for p := range 6 {
			for c := range 3 {
				if got, want := other[2].Data[u*18+c*6+p], own[2].Data[u*18+p*3+c]; got != want {
					t.Fatalf("dense weight %d, pixel %d, channel %d is %v, want %v", u, p, c, got, want)
				}
			}
		}
	}
	for _, i := range []int{1, 3, 4, 5} { // biases, and the dense layer after that, which has as many inputs
		if !reflect.DeepEqual(own[i], other[i]) {
			t.Errorf("%s changed", own[i].Name)
		}
	}
	back, err := models.ChannelsLast(stages, other)
	if err != nil || !reflect.DeepEqual(back, own) {
		t.Errorf("back again it differs, %v", err)
	}
}

// A network that adds a flattened image to another vector, or ends in one, has no weights
// with the channels first. A sum of two flattened images has.
func TestChannelsFirstRefuses(t *testing.T) {
	graph := func(channels int, end func(g *models.Graph, image, other models.Value)) models.Graph {
		var g models.Graph
		flat := func() models.Value {
			return g.Add(models.Flatten{}, g.Add(models.Conv2D{Filters: channels, Kernel: 1, Conv: glyph.Conv{Stride: 1}}, models.Input))
		}
		end(&g, flat(), flat())
		return g
	}
	dense := func(g *models.Graph, v models.Value) models.Value { return g.Add(models.Dense{Units: 12}, v) }
	for _, c := range []struct {
		graph models.Graph
		want  string // "" for none
	}{
		{graph(3, func(g *models.Graph, a, b models.Value) { dense(g, g.Add(models.Add{}, a, b)) }), ""},
		{graph(1, func(g *models.Graph, a, b models.Value) { g.Add(models.Add{}, a, g.Add(models.Dense{Units: 4}, b)) }), ""},
		{graph(3, func(g *models.Graph, a, b models.Value) { dense(g, g.Add(models.Add{}, a, dense(g, b))) }), "add_1 adds a flattened image to another vector"},
		{graph(3, func(g *models.Graph, a, b models.Value) { dense(g, g.Add(models.Add{}, dense(g, a), b)) }), "add_1 adds a flattened image to another vector"},
		{graph(3, func(g *models.Graph, a, b models.Value) { g.Add(models.Add{}, a, b) }), "the output is add_1, a flattened image"},
	} {
		stages, err := models.Plan(glyph.Shape{2, 2, 2}, c.graph)
		if err != nil {
			t.Fatal(err)
		}
		arrays := trained(t, stages)
		_, err = models.ChannelsFirst(stages, arrays)
		_, back := models.ChannelsLast(stages, arrays)
		if c.want == "" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		for _, err := range []error{err, back} {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		}
	}
}
