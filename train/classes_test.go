package train

import (
	"math"
	"testing"
)

// Scores of a confusion matrix worked out by hand, and intervals computed elsewhere.
func TestClassScores(t *testing.T) {
	list := ClassScores([][]int{
		{8, 2, 0, 0},
		{1, 9, 0, 0},
		{0, 0, 0, 5}, // never recognised, and never predicted
		{0, 0, 0, 0}, // no images
	})
	nan := math.NaN()
	near := func(a, b float64) bool { return math.Abs(a-b) < 1e-12 || math.IsNaN(a) && math.IsNaN(b) }
	for c, want := range []struct {
		images                int
		precision, recall, f1 float64
	}{{10, 8. / 9, 0.8, 16. / 19}, {10, 9. / 11, 0.9, 18. / 21}, {5, nan, 0, 0}, {0, 0, nan, 0}} {
		if s := list[c]; s.Images != want.images || !near(s.Precision.Value, want.precision) || !near(s.Recall.Value, want.recall) || !near(s.F1.Value, want.f1) {
			t.Errorf("class %d: %+v, want %+v", c, s, want)
		}
	}
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{
		{8, 10, 0.4901624715366418, 0.9433178485456248}, {0, 5, 0, 0.43448246478317476}, {5, 5, 0.5655175352168251, 1}, {9539, 10000, 0.9496127203889894, 0.9578386858901103},
	} {
		if s := Wilson(c.k, c.n); math.Abs(s.Low-c.low) > 1e-12 || math.Abs(s.High-c.high) > 1e-12 {
			t.Errorf("%d of %d: %+v, want %v to %v", c.k, c.n, s, c.low, c.high)
		}
	}
	if j := Wilson(8, 11); !near(list[0].F1.Low, 2*j.Low/(1+j.Low)) || list[0].F1.High <= list[0].F1.Value || list[0].F1.Low >= list[0].F1.Value {
		t.Errorf("%+v from %+v", list[0].F1, j)
	}
	p, r, f := MeanScore(list, false)
	if !near(p, (8./9+9./11)/3) || !near(r, 1.7/3) || !near(f, (16./19+18./21)/3) {
		t.Errorf("means %v, %v, %v", p, r, f)
	}
	if p, r, f = MeanScore(list, true); !near(p, (80./9+90./11)/25) || !near(r, 17./25) || !near(f, (160./19+180./21)/25) {
		t.Errorf("weighted means %v, %v, %v", p, r, f)
	}
	if p, _, _ := MeanScore(nil, false); !math.IsNaN(p) {
		t.Error(p)
	}
}
