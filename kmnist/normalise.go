package kmnist

import (
	"math"
	"math/bits"
)

// floorShare is the least deviation that a single pixel counts with, as a share
// of the deviation of all pixels together. A corner that is dark in all but a
// few training images would else reach x in the hundreds where a test image has
// ink; with it, no pixel exceeds 8 times what the whole set's scale would give.
const floorShare = 1.0 / 8

// Normalise is the mean and the reciprocal standard deviation of the pixels,
// on their scale of 0 to 255, for x = (pixel - mean)·scale: of the whole set, 1
// element each, or of every pixel of an image, H·W elements each. On KMNIST's
// training set they are 0.1904·255 and 1/(0.3475·255).
//
// A pixel that never varies has scale 0, so that x is 0 whatever later images
// have there: nothing was learnt about it. A pixel that hardly varies is bounded
// by floorShare.
func Normalise(s Set, perPixel bool) (mean, scale []float32) {
	groups := 1
	if perPixel {
		groups = s.H * s.W
	}
	// Sums of integers: exact whatever the order.
	sum, squares := make([]uint64, groups), make([]uint64, groups)
	var allSum, allSquares uint64
	for i, v := range s.Images {
		g := i % groups
		sum[g] += uint64(v)
		squares[g] += uint64(v) * uint64(v)
		allSum += uint64(v)
		allSquares += uint64(v) * uint64(v)
	}
	floor := floorShare * deviation(uint64(len(s.Images)), allSum, allSquares)
	n := uint64(len(s.Images) / max(1, groups))
	mean, scale = make([]float32, groups), make([]float32, groups)
	for g := range groups {
		mean[g] = float32(float64(sum[g]) / float64(max(1, n)))
		if d := deviation(n, sum[g], squares[g]); d > 0 {
			scale[g] = float32(1 / max(d, floor))
		}
	}
	return mean, scale
}

// deviation is √(n·Σv² - (Σv)²)/n, with the difference in 128-bit integers: in
// float64 a pixel that hardly varies would be rounding error.
func deviation(n, sum, squares uint64) float64 {
	if n == 0 {
		return 0
	}
	high, low := bits.Mul64(n, squares)
	high2, low2 := bits.Mul64(sum, sum)
	low, borrow := bits.Sub64(low, low2, 0)
	high, _ = bits.Sub64(high, high2, borrow)
	return math.Sqrt(float64(float64(high)*(1<<64))+float64(low)) / float64(n)
}
