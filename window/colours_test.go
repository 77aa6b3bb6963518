package window

import (
	"math"
	"testing"
)

// The colours of signed values grow lighter evenly, to both sides alike, and text can be
// read on a panel.
func TestColours(t *testing.T) {
	lightness := func(c colour) float64 { // CIE L*
		y := luminance(c)
		return 116*math.Cbrt(y) - 16
	}
	const n = 32
	for i := 1; i <= n; i++ {
		a, b := lightness(signed(float64(i)/n)), lightness(signed(-float64(i)/n))
		if math.Abs(a-b) > 5 {
			t.Errorf("at ±%v the lightness is %.1f and %.1f", float64(i)/n, a, b)
		}
		for _, s := range []float64{1, -1} {
			if d := lightness(signed(s*float64(i)/n)) - lightness(signed(s*float64(i-1)/n)); i > 1 && (d < 1 || d > 4) {
				t.Errorf("at %v the lightness grows by %.2f", s*float64(i)/n, d)
			}
		}
	}
	for name, c := range map[string]struct {
		ink  colour
		want float64
	}{"text": {text, 7}, "dim": {dim, 4.5}, "orange": {orange, 4.5}, "blue": {blue, 4.5}} {
		if got := (luminance(c.ink) + 0.05) / (luminance(panel) + 0.05); got < c.want {
			t.Errorf("%s has a contrast of %.1f, want %v", name, got, c.want)
		}
	}
}

func luminance(c colour) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v := float64(c[i])
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}
