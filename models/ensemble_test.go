package models_test

import (
	"math"
	"slices"
	"testing"

	"glyph/models"
)

// predictors are networks of different weights and normalisation for images of
// 6×5 pixels.
func predictors(t *testing.T, n int) (list []*models.Predictor) {
	for i := range n {
		b := oracle(t)
		net, err := models.New(b, models.Spec{Model: "mlp", Input: []int{6, 5, 1}, Hidden: []int{9}, Classes: 3}, 2)
		if err != nil {
			t.Fatal(err)
		}
		net.Init(uint64(i))
		p, err := models.NewPredictor(b, net, []float32{float32(100 + i)}, []float32{0.02})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	return list
}

func someImages(n int) (pixels []uint8) {
	for i := range n * 30 {
		pixels = append(pixels, uint8(i*i*7+i*13))
	}
	return pixels
}

// The mean of every member on every view, each view moved pixel by pixel.
func TestEnsemble(t *testing.T) {
	members, pixels := predictors(t, 3), someImages(5)
	e := models.Ensemble{Members: members, Shift: 2, Sure: 1}
	got, err := e.Probabilities(pixels)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		want := make([]float64, 3)
		for dy := -2; dy <= 2; dy += 2 {
			for dx := -2; dx <= 2; dx += 2 {
				view := make([]uint8, 30)
				for y := range 6 {
					for x := range 5 {
						if u, v := y-dy, x-dx; u >= 0 && u < 6 && v >= 0 && v < 5 {
							view[y*5+x] = pixels[i*30+u*5+v]
						}
					}
				}
				for _, m := range members {
					rows, err := m.Probabilities(view)
					if err != nil {
						t.Fatal(err)
					}
					for c, p := range rows[0] {
						want[c] += p / 27
					}
				}
			}
		}
		for c := range want {
			if !(math.Abs(got[i][c]-want[c]) < 1e-12) {
				t.Errorf("image %d: %v, want %v", i, got[i], want)
			}
		}
	}
}

// An image that the plain view is sure of is not moved, and without a shift none is.
func TestEnsembleSure(t *testing.T) {
	members, pixels := predictors(t, 2), someImages(6)
	plain, err := (&models.Ensemble{Members: members}).Probabilities(pixels)
	if err != nil {
		t.Fatal(err)
	}
	var top []float64
	for _, row := range plain {
		top = append(top, slices.Max(row))
	}
	slices.Sort(top)
	e := models.Ensemble{Members: members, Shift: 1, Sure: top[3]}
	rows, err := e.Probabilities(pixels)
	if err != nil {
		t.Fatal(err)
	}
	moved := 0
	for i, row := range rows {
		same := slices.Equal(row, plain[i])
		if sure := slices.Max(plain[i]) >= e.Sure; sure != same {
			t.Errorf("image %d: sure %v, unchanged %v", i, sure, same)
		}
		if !same {
			moved++
		}
	}
	if moved != 3 {
		t.Errorf("%d images were moved, want 3", moved)
	}
	if none, err := e.Probabilities(nil); err != nil || len(none) != 0 {
		t.Errorf("no images: %v, %v", none, err)
	}
}

func TestEnsembleErrors(t *testing.T) {
	members := predictors(t, 1)
	b := oracle(t)
	other := func(spec models.Spec) *models.Predictor {
		p, err := models.NewPredictor(b, newNet(t, b, spec, 1), []float32{0}, []float32{1})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, c := range []struct {
		e    models.Ensemble
		want string
	}{
		{models.Ensemble{}, "no network"},
		{models.Ensemble{Members: members, Shift: -1}, "not -1"},
		{models.Ensemble{Members: members, Shift: 9}, "0 to 8 pixels, not 9"},
		{models.Ensemble{Members: append(members, other(models.Spec{Model: "linear", Classes: 3}))}, "images of"},
		{models.Ensemble{Members: append(members, other(models.Spec{Model: "linear", Input: []int{6, 5, 1}, Classes: 4}))}, "3 classes and another 4"},
	} {
		_, err := c.e.Probabilities(someImages(1))
		oneLine(t, err, c.want)
	}
}
