package backendtest

import (
	"math"
	"testing"
)

func TestCompare(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name  string
		got   []float64
		want  []Number
		ok    bool
		share float64
		index int
	}{
		{"nothing", nil, nil, true, 0, 0},
		{"equal", []float64{1, 2}, []Number{{1, 0}, {2, 5}}, true, 0, 0},
		{"just under", []float64{0, 1 + 7.9*U32}, []Number{{0, 0}, {1, 8}}, true, 7.9 / 8, 1},
		{"at the bound", []float64{1 + 8*U32}, []Number{{1, 8}}, true, 1, 0},
		{"just over", []float64{0, 1 - 8.1*U32, 5}, []Number{{0, 0}, {1, 8}, {5, 0}}, false, 8.1 / 8, 1},
		{"one element", []float64{1, 1, 1, 2, 1}, []Number{{1, 8}, {1, 8}, {1, 8}, {1, 8}, {1, 8}}, false, 1 / (8 * U32), 3},
		{"exact but for an ulp", []float64{math.Nextafter(1, 2)}, []Number{{1, 0}}, false, inf, 0},
		{"NaN for a number", []float64{1, nan}, []Number{{1, 8}, {1, 8}}, false, inf, 1},
		{"NaN first", []float64{nan, 1}, []Number{{1, 8}, {1, 8}}, false, inf, 0},
		{"a number for NaN", []float64{1}, []Number{{nan, nan}}, false, inf, 0},
		{"NaN for NaN", []float64{nan}, []Number{{nan, nan}}, true, 0, 0},
		{"Inf for a number", []float64{inf}, []Number{{1, 8}}, false, inf, 0},
		{"a number for Inf", []float64{1e30}, []Number{{inf, inf}}, false, inf, 0},
		{"Inf for Inf", []float64{inf}, []Number{{inf, inf}}, true, 0, 0},
		{"-Inf for Inf", []float64{-inf}, []Number{{inf, inf}}, false, inf, 0},
		{"a bound of Inf", []float64{2}, []Number{{1, inf}}, false, inf, 0},
		{"a bound of NaN", []float64{2}, []Number{{1, nan}}, false, inf, 0},
		{"too short", []float64{1}, []Number{{1, 8}, {1, 8}}, false, inf, 0},
		{"too long", []float64{1, 1}, []Number{{1, 8}}, false, inf, 0},
		{"flushed to zero", []float64{0}, []Number{{0x1p-130, 0x1p-120}}, true, 0.0625, 0},
		{"signed zeros", []float64{0}, []Number{{math.Copysign(0, -1), 0}}, true, 0, 0},
	} {
		got := Compare(c.got, c.want, U32)
		if got.OK() != c.ok || got.Index != c.index || math.Abs(got.Share-c.share) > 1e-5*c.share {
			t.Errorf("%s: ok %t, share %g at %d; want %t, %g at %d", c.name, got.OK(), got.Share, got.Index, c.ok, c.share, c.index)
		}
	}
}

// A million terms that a running sum loses against the first one.
func TestSumIsCompensated(t *testing.T) {
	var s sum
	s.term(1e8)
	for range 1_000_000 {
		s.term(1e-9)
	}
	s.term(-1e8)
	if got := s.number(); math.Abs(got.Value-1e-3) > 1e-13 {
		t.Errorf("Σ = %.18g", got.Value)
	}
	if got := s.number().Error; math.Abs(got-8*2e8) > 1 {
		t.Errorf("error %g, want 8 times the magnitudes", got)
	}
}

// Each function on Numbers covers what float32 arithmetic really does.
func TestNumberBoundsFloat32(t *testing.T) {
	r := randoms(1)
	for range 20000 {
		a, b := float32(r.Normal()), float32(r.Normal())
		x, y := exact(float64(a)), exact(float64(b))
		p, q := float32(a*b), float32(a-b)
		for name, c := range map[string]struct {
			got  float32
			want Number
		}{
			"product":    {p, mul(x, y)},
			"quotient":   {float32(p / (q * q)), div(mul(x, y), mul(sub(x, y), sub(x, y)))},
			"root":       {float32(math.Sqrt(float64(float32(a*a) + float32(b*b)))), sqrt(add(mul(x, x), mul(y, y)))},
			"exp of p":   {float32(math.Exp(float64(p))), exp(mul(x, y))},
			"log of q²":  {float32(math.Log(float64(float32(q * q)))), log(mul(sub(x, y), sub(x, y)))},
			"difference": {float32(p - float32(q*q)), sub(mul(x, y), mul(sub(x, y), sub(x, y)))},
		} {
			if got := Compare([]float64{float64(c.got)}, []Number{c.want}, U32); !got.OK() {
				t.Fatalf("%s of %g and %g: %v", name, a, b, got)
			}
		}
	}
}

func TestRelativeError(t *testing.T) {
	if e := RelativeError([]float64{3, 4}, []float64{3, 4}); e != 0 {
		t.Errorf("of equals: %g", e)
	}
	if e := RelativeError([]float64{0, 0}, []float64{0, 0}); e != 0 {
		t.Errorf("of zeros: %g", e)
	}
	if e := RelativeError([]float64{3, 4}, []float64{-3, -4}); e != 1 {
		t.Errorf("of opposites: %g", e)
	}
	for _, bad := range [][]float64{{math.NaN(), 4}, {math.Inf(1), 4}, {3}} {
		if (GradientResult{Error: RelativeError(bad, []float64{3, 4})}).OK() {
			t.Errorf("%v passes for (3, 4)", bad)
		}
	}
}

func TestNumericGradient(t *testing.T) {
	x := []float64{0.3, -0.7, 1.1}
	f := func() float64 { return math.Tanh(x[0]*x[1]) + math.Exp(x[2])*x[0] }
	s := 1 - math.Tanh(x[0]*x[1])*math.Tanh(x[0]*x[1])
	want := []float64{s*x[1] + math.Exp(x[2]), s * x[0], math.Exp(x[2]) * x[0]}
	if e := RelativeError(NumericGradient(f, x, GradientStep), want); !(e < 1e-12) {
		t.Errorf("relative error %g", e)
	}
	if x[0] != 0.3 || x[1] != -0.7 || x[2] != 1.1 {
		t.Errorf("x is left at %v", x)
	}
}
