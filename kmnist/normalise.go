package kmnist

import (
	"math"
	"math/bits"
)

// floorShare is the lower bound of a single pixel's standard deviation, as a fraction
// of that of all pixels together. Without it a corner that is dark in all but a few
// training images would reach values in the hundreds if a test image has ink there;
// with it, no value exceeds 8 times what the whole set's scale gives.
const floorShare = 1.0 / 8

// Normalise returns the mean and the reciprocal standard deviation of the pixels, on
// their scale of 0 to 255, for x = (pixel - mean)·scale. With perPixel they have an
// element for each pixel of an image, H·W, times three in colour; otherwise they have one element, of all
// pixels of the set. For KMNIST's training set that is 0.1904·255 and 1/(0.3475·255).
//
// A pixel that never varies has scale 0, so that x is 0 whatever other images have
// there: nothing can be learned about it. The deviation of a pixel that hardly varies
// is taken to be at least 1/8 of that of all pixels.
func Normalise(s Set, perPixel bool) (mean, scale []float32) {
	groups := 1
	if perPixel {
		groups = s.size()
	}
	// Sums of integers are exact in any order.
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
// float64, that of a pixel that hardly varies would be lost to rounding.
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
