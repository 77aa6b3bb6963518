package kmnist

import (
	"math"
	"slices"
	"testing"
)

func TestNormalise(t *testing.T) {
	s := Set{H: 1, W: 2, Labels: []uint8{0, 0}, Images: []uint8{0, 7, 200, 7}}
	mean, scale := Normalise(s, true)
	if !slices.Equal(mean, []float32{100, 7}) || !slices.Equal(scale, []float32{0.01, 0}) {
		t.Errorf("per pixel: mean %v, scale %v", mean, scale)
	}
	mean, scale = Normalise(s, false) // Σv² = 40098: variance 10024.5 - 53.5²
	if want := 1 / math.Sqrt(10024.5-53.5*53.5); mean[0] != 53.5 || scale[0] != float32(want) {
		t.Errorf("whole set: mean %v, scale %v, want %v", mean, scale, want)
	}
}

// What is constant or nearly so stays bounded, whatever the test set has there.
func TestNormaliseIsBounded(t *testing.T) {
	const n = 60000
	s := Set{H: 1, W: 3, Labels: make([]uint8, n), Images: make([]uint8, 3*n)}
	for i := range n {
		s.Images[3*i] = uint8(255 * (i % 2)) // an even pixel; one that never varies; one that does once
	}
	s.Images[3*777+2] = 1
	_, whole := Normalise(s, false)
	mean, scale := Normalise(s, true)
	if scale[1] != 0 {
		t.Errorf("a pixel that never varies has scale %v", scale[1])
	}
	if x := (255 - mean[2]) * scale[2]; !(x > 0 && x <= 8.001*255*whole[0]) {
		t.Errorf("a pixel that varied once by one grey reaches %v", x)
	}
	if want := float32(1 / 127.5); scale[0] != want {
		t.Errorf("an even pixel has scale %v, want %v", scale[0], want)
	}
}

func TestNormaliseOfAlmostNothing(t *testing.T) {
	for _, s := range []Set{{}, {H: 1, W: 1}, {H: 1, W: 1, Labels: []uint8{0}, Images: []uint8{9}}} {
		for _, perPixel := range []bool{false, true} {
			mean, scale := Normalise(s, perPixel)
			if len(mean) != len(scale) || slices.ContainsFunc(append(mean, scale...), func(v float32) bool { return v != 0 && v != 9 }) {
				t.Errorf("%+v: mean %v, scale %v", s, mean, scale)
			}
		}
	}
}

// Sums whose squares pass 64 bits, and a variance that float64 would lose.
func TestDeviation(t *testing.T) {
	const n = 60000 * 784
	if got := deviation(n, n*255, n*255*255); got != 0 {
		t.Errorf("all white deviates by %v", got)
	}
	for _, k := range []uint64{1, 3, 1000, n / 3, n/2 + 7, n - 1} { // pixels of 254
		want := math.Sqrt(float64(k)) * math.Sqrt(float64(n-k)) / n
		if got := deviation(n, n*255-k, n*255*255-509*k); math.Abs(got/want-1) > 1e-12 {
			t.Errorf("%d pixels among %d: %v, want %v", k, n, got, want)
		}
	}
	// Half white: the difference itself passes 64 bits.
	if got := deviation(n, n/2*255, n/2*255*255); got != 127.5 {
		t.Errorf("half white deviates by %v, want 127.5", got)
	}
}
