package backendtest

import (
	"math"

	"glyph"
)

// bends: between two points of an elastic deformation places lie on a line, along both
// axes, and at a point the line bends.
func bends(b glyph.Backend, r *Report) {
	const n, far, rounding = 24, 4, 1.0 / 256 // of three places, each by half of 2⁻⁸
	c, in := ramps(n, glyph.Augmentation{Elastic: 3}, 14, 2)
	pixels := evaluate(b, c, in)["x"]
	bent := 0
	for i := range n {
		// middle is how far the place in the middle is from the line between those at the
		// two ends, which are that far away from the middle of the image.
		middle := func(from, to int) float64 {
			most := 0.0
			for _, along := range [][2]int{{1, 0}, {0, 1}} {
				place := func(k int) (y, x float64) { return taken(pixels, i, rampMiddle+k*along[0], rampMiddle+k*along[1]) }
				y0, x0 := place(from)
				y1, x1 := place((from + to) / 2)
				y2, x2 := place(to)
				most = max(most, math.Abs(y1-(y0+y2)/2), math.Abs(x1-(x0+x2)/2))
			}
			return most
		}
		if off := max(middle(0, far), middle(-far, 0)); off > rounding {
			r.failf("image %d: a place between two points is %.4f pixels beside the line between its neighbours", i, off)
			return
		}
		if middle(-far, far) > 0.1 {
			bent++
		}
	}
	if bent < n*3/4 {
		r.failf("%d of %d images bend at the point in their middle, want most", bent, n)
	}
}
