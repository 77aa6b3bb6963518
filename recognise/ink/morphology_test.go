package ink

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestGreatest(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for n := 1; n < 40; n++ {
		for reach := range 45 {
			row, want := make([]float64, n), make([]float64, n)
			for i := range row {
				row[i] = float64(r.IntN(1000)) - 500
			}
			for i := range want {
				want[i] = slices.Max(row[max(i-reach, 0):min(i+reach+1, n)])
			}
			if greatest(row, reach, make([]float64, 2*n)); !slices.Equal(row, want) {
				t.Fatalf("%d elements, reach %d: %v, want %v", n, reach, row, want)
			}
		}
	}
}

func TestMedian9(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 2000 {
		var n [9]float64
		for i := range n {
			n[i] = float64(r.IntN(12))
		}
		sorted := slices.Sorted(slices.Values(n[:]))
		if got := median9(&n); got != sorted[4] {
			t.Fatalf("%v of %v", got, sorted)
		}
	}
}

// Closing keeps what leads out of the picture: a table around a sheet, however
// the sheet lies; and fills what is narrow.
func TestClosing(t *testing.T) {
	const w, h = 90, 70
	for _, slope := range []float64{0, 0.1, -0.3} {
		p := plane{w, h, make([]float64, w*h)}
		want := slices.Clone(p.v)
		for y := range h {
			for x := range w {
				// A sheet turned by the slope, with a bar on it.
				u, v := float64(x-w/2)+slope*float64(y-h/2), float64(y-h/2)-slope*float64(x-w/2)
				if u > -30 && u < 30 && v > -22 && v < 22 {
					p.v[y*w+x], want[y*w+x] = 1, 1
					if u > -5 && u < 5 && v > -15 && v < 15 {
						p.v[y*w+x] = 0.2
					}
				}
			}
		}
		for i, v := range p.closing(17).v {
			if v != want[i] {
				t.Fatalf("slope %v: (%d, %d) is %v, want %v", slope, i%w, i/w, v, want[i])
			}
		}
	}
}
