package window

import "math"

// The size that the window begins with. Larger windows and finer displays show the same
// larger, in steps of an eighth.
const (
	designW = 1280
	designH = 800
)

// rect is a part of the window, in pixels from its upper left corner.
type rect struct{ x, y, w, h float32 }

// in is the rectangle without a margin.
func (r rect) in(left, top, right, bottom float32) rect {
	return rect{r.x + left, r.y + top, max(r.w-left-right, 1), max(r.h-top-bottom, 1)}
}

// with is the least rectangle of whole pixels around both; one without a width is none.
func (r rect) with(o rect) rect {
	if r.w == 0 {
		r = o
	} else if o.w == 0 {
		o = r
	}
	x, y := math.Floor(float64(min(r.x, o.x))), math.Floor(float64(min(r.y, o.y)))
	x1, y1 := math.Ceil(float64(max(r.x+r.w, o.x+o.w))), math.Ceil(float64(max(r.y+r.h, o.y+o.h)))
	return rect{float32(x), float32(y), float32(x1 - x), float32(y1 - y)}
}

// within is the part of the rectangle that lies in another, or zero.
func (r rect) within(o rect) rect {
	x, y := max(r.x, o.x), max(r.y, o.y)
	w, h := min(r.x+r.w, o.x+o.w)-x, min(r.y+r.h, o.y+o.h)-y
	if w <= 0 || h <= 0 {
		return rect{}
	}
	return rect{x, y, w, h}
}

// The panels of the window.
const (
	headPanel = iota
	lossPanel
	accuracyPanel
	kernelPanel
	imagePanel
	layersPanel
	firstPanel
	outputPanel
	gradientPanel
	weightsPanel
	histogramPanel
	footPanel
	panels
)

// layOut places the panels in a window of w by h pixels, with that many pixels a unit.
func layOut(w, h int, scale float32) (list [panels]rect) {
	u := func(v float32) float32 { return v * scale }
	width, height := float32(w), float32(h)
	margin, gap := u(16), u(12)
	list[headPanel] = rect{0, 0, width, u(50)}
	list[footPanel] = rect{0, height - u(36), width, u(36)}
	top, bottom := u(50), height-u(36)
	column := (width - 2*margin - 2*gap) / 3
	stack := func(x float32, which []int, shares []float32) {
		y, free := top, bottom-top-gap*float32(len(which)-1)
		for i, p := range which {
			list[p] = rect{x, y, column, free * shares[i]}
			y += list[p].h + gap
		}
	}
	stack(margin, []int{lossPanel, accuracyPanel, kernelPanel}, []float32{0.37, 0.31, 0.32})
	stack(margin+column+gap, []int{imagePanel, layersPanel, firstPanel}, []float32{0.25, 0.49, 0.26})
	stack(margin+2*(column+gap), []int{outputPanel, gradientPanel, weightsPanel, histogramPanel}, []float32{0.26, 0.26, 0.28, 0.2})
	for i, r := range list { // whole pixels, so that panels neither blur nor overlap
		x, y := float32(int(r.x)), float32(int(r.y))
		list[i] = rect{x, y, float32(int(r.x+r.w)) - x, float32(int(r.y+r.h)) - y}
	}
	return list
}

// tiling is how n tiles of w by h elements fill a rectangle.
type tiling struct {
	columns, shown int
	scale, gap     float32 // pixels an element; between tiles
	width, height  float32 // of all
}

// tile finds the largest scale at which all tiles fit: a whole number of pixels an
// element from 3 on, and otherwise as small as it has to be. If tiles would become
// too small to see, fewer are shown.
func tile(n, w, h int, into rect, unit float32) tiling {
	best := tiling{}
	for shown := n; shown > 0; shown = shown * 3 / 4 {
		best = fit(shown, w, h, into, unit)
		if smallest := min(float32(w), float32(h), 6*unit); min(float32(w), float32(h))*best.scale >= smallest || shown == 1 {
			return best
		}
	}
	return best
}

func fit(n, w, h int, into rect, unit float32) (best tiling) {
	for columns := 1; columns <= n; columns++ {
		rows := (n + columns - 1) / columns
		gap := 2 * unit
		if w == 1 && h == 1 { // single units, as of a dense layer
			gap = unit
		}
		s := min((into.w-gap*float32(columns-1))/float32(columns*w), (into.h-gap*float32(rows-1))/float32(rows*h))
		switch { // small pixels may be unequal, large ones show it
		case s >= 3:
			s = float32(int(s))
		case s >= 1:
			s = float32(int(4*s)) / 4
		}
		if most := 20 * unit; w == 1 && h == 1 {
			s = min(s, most)
		}
		if s > best.scale {
			best = tiling{columns, n, s, gap, float32(columns*w)*s + gap*float32(columns-1), float32(rows*h)*s + gap*float32(rows-1)}
		}
	}
	if best.scale <= 0 {
		best = tiling{columns: 1, shown: 1, scale: 0.01}
	}
	return best
}
