package backendtest

import (
	"math"

	"glyph"
)

// holes: what is cut out of an image that has no pixel of 0 is one rectangle, through
// all channels, with the size of the whole square unless it ends at a border. Its middle
// falls on every row and every column of the image equally often.
func holes(b glyph.Backend, r *Report) {
	const n, steps, height, width, channels = 96, 10, 7, 10, 2
	for _, side := range []int{1, 3, 4} {
		var rows [height]int
		var columns [width]int
		for step := range int32(steps) {
			l := augmentLayer{gatherLayer{n, 1, glyph.Shape{height, width, channels}, 2, 1, 0, false, 0}, glyph.Augmentation{Cutout: side}, 13, step}
			c := l.gather()
			in := c.Values()
			in.Tensor["mean"][0], in.Tensor["scale"][0] = 0, 1
			for k := range in.Bytes["images"] {
				in.Bytes["images"][k] = 200
			}
			x := evaluate(b, c, in)["x"]
			for i := range n {
				h, ok := holeOf(x[i*height*width*channels:][:height*width*channels], width, channels, 200)
				y, tall := whole(h.top, h.bottom, height, side)
				x, wide := whole(h.left, h.right, width, side)
				if !ok || !tall || !wide {
					r.failf("side %d: rows %d to %d and columns %d to %d are cut out of %d×%d, or only part of them", side, h.top, h.bottom, h.left, h.right, height, width)
					return
				}
				rows[y]++
				columns[x]++
			}
		}
		for name, counts := range map[string][]int{"row": rows[:], "column": columns[:]} {
			part := 1 / float64(len(counts))
			spread := 5 * math.Sqrt(n*steps*part*(1-part)) // five standard deviations
			for at, got := range counts {
				if math.Abs(float64(got)-n*steps*part) > spread {
					r.failf("side %d: the middle is in %s %d %d times of %d, want %.0f ± %.0f", side, name, at, got, n*steps, n*steps*part, spread)
				}
			}
		}
	}
}

// hole is the rows from top up to bottom, and the columns from left up to right.
type hole struct{ top, bottom, left, right int }

// holeOf is the rectangle around what is 0 in an image, and whether all of it is 0
// and all else the value.
func holeOf(x []float64, width, channels int, value float64) (hole, bool) {
	h := hole{top: math.MaxInt, left: math.MaxInt}
	for k, v := range x {
		if v == 0 {
			row, column := k/channels/width, k/channels%width
			h.top, h.bottom = min(h.top, row), max(h.bottom, row+1)
			h.left, h.right = min(h.left, column), max(h.right, column+1)
		}
	}
	for k, v := range x {
		row, column := k/channels/width, k/channels%width
		want := value
		if row >= h.top && row < h.bottom && column >= h.left && column < h.right {
			want = 0
		}
		if v != want {
			return h, false
		}
	}
	return h, h.bottom > h.top
}

// whole is the middle of a hole along one axis, and whether the hole has its whole side
// or ends at the border.
func whole(from, to, size, side int) (middle int, ok bool) {
	if from > 0 {
		return from + side/2, from+side/2 < size && (to == from+side || to == size && to < from+side)
	}
	middle = to - side + side/2
	return middle, middle >= 0 && middle < size && to <= side
}
