package backendtest

import (
	"math"

	"glyph"
)

// stroked is an image with strokes thicker or thinner by s: each pixel p moves to
// p + ⌊|s|·(m - p) + 1/2⌋ with m the greatest, or for s < 0 the least, of it and its four
// neighbours, which are 0 outside.
func stroked(image []byte, pixel glyph.Shape, s float64) []byte {
	if s == 0 {
		return image
	}
	height, width, channels := pixel[0], pixel[1], pixel[2]
	out := make([]byte, len(image))
	for k, p := range image {
		m, c, w, h := float64(p), k%channels, k/channels%width, k/channels/width
		for _, d := range [][2]int{{-1, 0}, {1, 0}, {0, -1}, {0, 1}} {
			v, y, x := 0.0, h+d[0], w+d[1]
			if y >= 0 && y < height && x >= 0 && x < width {
				v = float64(image[(y*width+x)*channels+c])
			}
			if s > 0 {
				m = max(m, v)
			} else {
				m = min(m, v)
			}
		}
		out[k] = byte(float64(p) + math.Floor(math.Abs(s)*(m-float64(p))+0.5))
	}
	return out
}

// strokes: a dot either grows onto its four neighbours or shrinks, in one channel, by
// amounts that are spread evenly over the range.
func strokes(b glyph.Backend, r *Report) {
	const n, steps, side, bins = 64, 8, 5, 8
	a := glyph.Augmentation{Stroke: 0.75}
	var count [bins]int
	for step := range int32(steps) {
		c := augmentLayer{gatherLayer{n, 1, glyph.Shape{side, side, 2}, 2, 1, 0, false, 0}, a, 15, step}.gather()
		in := c.Values()
		in.Tensor["mean"][0], in.Tensor["scale"][0] = 0, 1
		clear(in.Bytes["images"])
		const middle = 2 * (side*(side/2) + side/2)
		in.Bytes["images"][middle] = 240
		x := evaluate(b, c, in)["x"]
		for i := range n {
			image := x[i*side*side*2:][:side*side*2]
			by := (image[middle+2] - (240 - image[middle])) / 240
			for k, v := range image {
				want := 0.0
				switch away := max(k-middle, middle-k); {
				case away == 0:
					want = min(240, 240*(1+by))
				case away == 2 || away == 2*side:
					want = max(0, 240*by)
				}
				if math.Abs(v-want) > 0.5 {
					r.failf("strokes thicker by %.3f: element %d of a dot is %v, want %.1f", by, k, v, want)
					return
				}
			}
			if math.Abs(by) > float64(a.Stroke)+1.0/240 {
				r.failf("strokes are thicker by %.3f, want up to %v", by, a.Stroke)
				return
			}
			count[min(max(int((by/float64(a.Stroke)+1)/2*bins), 0), bins-1)]++
		}
	}
	spread := 5 * math.Sqrt(n*steps*(1.0/bins)*(1-1.0/bins)) // five standard deviations
	for bin, got := range count {
		if math.Abs(float64(got)-n*steps/bins) > spread {
			r.failf("strokes: %d of %d draws in part %d of %d, want %d ± %.0f", got, n*steps, bin+1, bins, n*steps/bins, spread)
		}
	}
}
