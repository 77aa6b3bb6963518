package backendtest

import "glyph"

// strokeOf is a pixel with other strokes, by hand: from itself and its neighbours above,
// below, left and right, and at the corners.
func strokeOf(p int32, sides, _ [4]int32, by int32) int32 {
	m := p
	for _, v := range sides {
		if by > 0 {
			m = max(m, v)
		} else {
			m = min(m, v)
		}
	}
	return p + (max(by, -by)*(m-p)+128)>>8
}

// stroked is an image with other strokes by hand.
func (hand byHand) stroked(image []float32, shape glyph.Shape, by int32) []float32 {
	height, width, channels := shape[1], shape[2], shape[3]
	out := make([]float32, len(image))
	for k := range image {
		c, w, h := k%channels, k/channels%width, k/channels/width
		at := func(dy, dx int) int32 {
			y, x := h+dy, w+dx
			if hand.clamped {
				y, x = min(max(y, 0), height-1), min(max(x, 0), width-1)
			}
			if y < 0 || y >= height || x < 0 || x >= width {
				return 0
			}
			return int32(image[(y*width+x)*channels+c])
		}
		sides := [4]int32{at(-1, 0), at(1, 0), at(0, -1), at(0, 1)}
		corners := [4]int32{at(-1, -1), at(-1, 1), at(1, -1), at(1, 1)}
		out[k] = float32(hand.stroke(at(0, 0), sides, corners, by))
	}
	return out
}

// strokeMutations are of how thick strokes are.
func strokeMutations(add func(name string, change func(h *byHand), ops ...string), draws func(name string, change func(d *glyph.AugmentParams), ops ...string)) {
	const properties = "" // see it too
	draws("other strokes forgotten", func(d *glyph.AugmentParams) { d.Stroke = 0 }, properties)
	draws("strokes thicker alone", func(d *glyph.AugmentParams) { d.Stroke = max(d.Stroke, -d.Stroke) }, properties)
	draws("thinner for thicker", func(d *glyph.AugmentParams) { d.Stroke = -d.Stroke })
	draws("half as thick", func(d *glyph.AugmentParams) { d.Stroke /= 2 }, properties)
	stroke := func(name string, change func(p int32, sides, corners [4]int32, by int32) int32, ops ...string) {
		add(name, func(h *byHand) { h.stroke = change }, ops...)
	}
	stroke("eight neighbours", func(p int32, sides, corners [4]int32, by int32) int32 {
		return strokeOf(strokeOf(p, sides, corners, by), corners, sides, by)
	}, properties)
	stroke("neighbours above and below alone", func(p int32, sides, corners [4]int32, by int32) int32 {
		return strokeOf(p, [4]int32{sides[0], sides[1], p, p}, corners, by)
	}, properties)
	stroke("rounded down", func(p int32, sides, corners [4]int32, by int32) int32 {
		m := strokeOf(p, sides, corners, by/max(by, -by, 1)<<8)
		return p + max(by, -by)*(m-p)>>8
	})
	add("strokes that go on outside", func(h *byHand) { h.clamped = true })
}
