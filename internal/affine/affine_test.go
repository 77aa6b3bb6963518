package affine

import (
	"math"
	"testing"
)

// The polynomials are as near to a sine and a cosine as their comment says.
func TestSinCos(t *testing.T) {
	const limit = math.Pi / 2 * (1 << AngleBits)
	worst := 0.0
	for k := -1000; k <= 1000; k++ {
		a := int32(float64(k) / 1000 * limit)
		s, c := sinCos(a)
		angle := 2 * float64(a) / (1 << AngleBits)
		worst = max(worst, math.Abs(float64(s)/(1<<AngleBits)-math.Sin(angle)), math.Abs(float64(c)/(1<<AngleBits)-math.Cos(angle)))
	}
	t.Logf("within %.2g", worst)
	if !(worst < 2e-6) {
		t.Errorf("sine or cosine is off by %.3g", worst)
	}
}

func TestProductAndGridRoundAsGLSL(t *testing.T) {
	for _, c := range [][4]int32{{3, 5, 1, 7}, {-3, 5, 1, -8}, {math.MaxInt32, math.MaxInt32, 31, math.MaxInt32 - 1}, {math.MinInt32, 1, 16, -32768}} {
		if got := product(c[0], c[1], uint(c[2])); got != c[3] {
			t.Errorf("%d·%d/2^%d is %d, want %d", c[0], c[1], c[2], got, c[3])
		}
	}
	for in, want := range map[int32]int32{0: 0, 127: 0, 128: 1, -128: 0, -129: -1, 256: 1} {
		if got := Grid(in); got != want {
			t.Errorf("Grid(%d) is %d, want %d", in, got, want)
		}
	}
}
