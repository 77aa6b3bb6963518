package models_test

import (
	"math"
	"slices"
	"testing"

	"glyph/models"
)

func TestSetWeightsErrors(t *testing.T) {
	b := oracle(t)
	net := newNet(t, b, small[1], 1)
	before := read(t, b, net.W)
	good, err := net.ReadWeights()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		change func([]models.NamedArray) []models.NamedArray
		want   string
	}{
		{func(a []models.NamedArray) []models.NamedArray { return a[1:] }, "no tensor dense_1.weight"},
		{func(a []models.NamedArray) []models.NamedArray { return append(a, a[0]) }, `"dense_1.weight" is there twice`},
		{func(a []models.NamedArray) []models.NamedArray { a[3].Shape = []int{6}; return a }, "dense_2.bias is [6] and not [5]"},
		{func(a []models.NamedArray) []models.NamedArray { a[3].Data = a[3].Data[1:]; return a }, "dense_2.bias"},
		{func(a []models.NamedArray) []models.NamedArray { a[3].Name = "other"; return a }, "no tensor dense_2.bias"},
	} {
		arrays := slices.Clone(good)
		arrays[0].Data = []float32{float32(math.NaN())}
		arrays[0].Data = slices.Repeat(arrays[0].Data, len(good[0].Data))
		oneLine(t, net.SetWeights(c.change(arrays)), c.want)
	}
	if !slices.Equal(before, read(t, b, net.W)) {
		t.Error("weights that do not fit change the network")
	}
}
