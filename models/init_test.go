package models_test

import (
	"math"
	"slices"
	"testing"

	"glyph"
	"glyph/models"
)

func TestInitStatistics(t *testing.T) {
	p := models.Param{Start: models.Random, FanIn: 300, FanOut: 100}
	want := map[string]float64{
		"glorot-uniform": 2.0 / 400, "glorot-normal": 2.0 / 400,
		"he-uniform": 2.0 / 300, "he-normal": 2.0 / 300,
		"lecun-uniform": 1.0 / 300, "lecun-normal": 1.0 / 300,
	}
	if names := models.InitNames(); len(names) != len(want) {
		t.Errorf("names %v, want %d", names, len(want))
	}
	for _, name := range models.InitNames() {
		init, err := models.ParseInit(name)
		if err != nil || init.String() != name {
			t.Fatalf("ParseInit(%q) = %v, %v", name, init, err)
		}
		const n = 200_000
		w := make([]float32, n)
		init.Fill(w, p, glyph.NewRand(1, glyph.StreamInit, 0))
		var sum, squares, fourth, top float64
		for _, v := range w {
			x := float64(v)
			sum += x
			squares += x * x
			fourth += x * x * x * x
			top = max(top, math.Abs(x))
		}
		variance := squares / n
		// Five standard deviations of each estimate: the mean's is √(σ²/n), the
		// variance's at most √(2/n)·σ² (for normal numbers).
		if !(math.Abs(sum/n) < 5*math.Sqrt(want[name]/n)) {
			t.Errorf("%s: mean %v", name, sum/n)
		}
		if !(math.Abs(variance/want[name]-1) < 5*math.Sqrt(2.0/n)) {
			t.Errorf("%s: variance %v, want %v", name, variance, want[name])
		}
		kurtosis, limit := 3.0, math.Inf(1)
		if !init.Normal {
			kurtosis, limit = 1.8, math.Sqrt(3*want[name])*(1+1e-6)
		}
		if got := fourth / n / (variance * variance); !(math.Abs(got-kurtosis) < 0.1) {
			t.Errorf("%s: kurtosis %v, want %v", name, got, kurtosis)
		}
		if top > limit {
			t.Errorf("%s: %v is beyond %v", name, top, limit)
		}
	}
}

func TestParseInitError(t *testing.T) {
	for _, name := range []string{"", "he", "xavier", "Glorot-uniform"} {
		_, err := models.ParseInit(name)
		oneLine(t, err, "unknown initialiser", "glorot-uniform, glorot-normal, he-uniform, he-normal, lecun-uniform, lecun-normal")
	}
}

// Weights that came out once come out for ever: a seed names a network. The
// first is √(6/(9 + 288))·(2·(310111809 + ½)/2³² - 1), from Philox's first word.
func TestInitGolden(t *testing.T) {
	b := oracle(t)
	for _, c := range []struct {
		init string
		want map[string][]float32
		ulps float32 // normal numbers go through log and cos, whose last bit is a machine's own
	}{
		{"glorot-uniform", map[string][]float32{
			"conv2d_1.weight": {-0.12160868, -0.10880187, -0.06161025},
			"conv2d_2.weight": {-0.021341063, -0.01726208, -0.0098296795},
			"dense_2.weight":  {0.08194556, -0.014073257, -0.049084857},
		}, 0},
		{"he-normal", map[string][]float32{
			"conv2d_1.weight": {0.80050635, 0.7252897, -0.5797723},
			"dense_2.weight":  {-0.060728047, -0.102254204, 0.07699561},
		}, 1},
	} {
		net := newNet(t, b, models.Spec{Model: "cnn", Init: c.init}, 1)
		seen := 0
		for _, p := range net.Params() {
			got := read(t, b, p.Tensor)
			for i, want := range c.want[p.Name] {
				seen++
				if d := got[i] - want; !(max(d, -d) <= c.ulps*0x1p-23*max(want, -want)) {
					t.Errorf("%s: %s[%d] is %v, want %v", c.init, p.Name, i, got[i], want)
				}
			}
			zero := !slices.ContainsFunc(got, func(v float32) bool { return v != 0 })
			if zero != (p.Tensor.Off >= net.Decaying) {
				t.Errorf("%s: %s is all zero: %v", c.init, p.Name, zero)
			}
		}
		if seen != 3*len(c.want) {
			t.Errorf("%s: %d values compared", c.init, seen)
		}
	}
}

func TestInitSeeds(t *testing.T) {
	b := oracle(t)
	spec := models.Spec{Model: "mlp", Input: []int{4, 4, 1}, Hidden: []int{16, 16}}
	net := newNet(t, b, spec, 1)
	first := read(t, b, net.W)
	net.Init(2)
	if slices.Equal(first, read(t, b, net.W)) {
		t.Error("seeds 1 and 2 draw the same weights")
	}
	net.Init(1)
	if !slices.Equal(first, read(t, b, net.W)) {
		t.Error("seed 1 draws other weights the second time")
	}
	if a, b := read(t, b, net.Params()[0].Tensor), read(t, b, net.Params()[2].Tensor); slices.Equal(a, b) {
		t.Error("two layers of one shape draw the same weights")
	}

	// Dropout between the layers changes nothing, nor does the size of others.
	spec.Dropout = []float64{0.5}
	if !slices.Equal(first, read(t, b, newNet(t, b, spec, 1).W)) {
		t.Error("dropout layers change the weights that are drawn")
	}
	spec.Hidden, spec.Classes = []int{16, 16}, 20
	wide := newNet(t, b, spec, 1)
	if !slices.Equal(read(t, b, net.Params()[2].Tensor), read(t, b, wide.Params()[2].Tensor)) {
		t.Error("the size of the last layer changes the weights of the second")
	}
}
