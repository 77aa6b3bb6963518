package kmnist

import "math"

// Standardise is the mean and the reciprocal standard deviation of the pixels,
// on their scale of 0 to 255, for x = (pixel - mean)·scale: of the whole set,
// or one of each for every pixel of an image. On KMNIST's training set they are
// 0.1904·255 and 1/(0.3475·255).
//
// A pixel that hardly varies in training would be blown up where it does vary
// later, so no deviation counts as less than 1, a step of grey.
func Standardise(s Set, perPixel bool) (mean, scale []float32) {
	groups := 1
	if perPixel {
		groups = s.H * s.W
	}
	// Sums of integers below 2⁵³: exact whatever the order.
	sum, squares := make([]uint64, groups), make([]uint64, groups)
	for i, v := range s.Images {
		g := i % groups
		sum[g] += uint64(v)
		squares[g] += uint64(v) * uint64(v)
	}
	n := float64(len(s.Images) / groups)
	for g := range groups {
		m := float64(sum[g]) / n
		deviation := math.Sqrt(max(0, float64(squares[g])/n-m*m))
		mean = append(mean, float32(m))
		scale = append(scale, float32(1/max(1, deviation)))
	}
	return mean, scale
}
