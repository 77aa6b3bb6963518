package ink

import (
	"math"
	"slices"
)

// wipe takes a line away, but not the strokes that cross it: where it is thicker
// than elsewhere, only what is as pale as the line is.
func (p plane) wipe(r rule) {
	thickness, level := p.measure(r)
	for _, s := range r.pieces {
		if s.y1-s.y0 <= thickness+2 {
			for y := max(s.y0-1, 0); y < min(s.y1+1, p.h); y++ {
				p.v[y*p.w+s.x] = 0
			}
		}
	}
	for x := r.x0; x < r.x1; x++ {
		middle, reach := r.at(x, p.w), thickness/2+2
		for y := max(middle-reach, 0); y <= min(middle+reach, p.h-1); y++ {
			if p.v[y*p.w+x] <= min(1.5*level, 0.5) {
				p.v[y*p.w+x] = 0
			}
		}
	}
}

// turned is the plane with x and y exchanged.
func (p plane) turned() plane {
	q := plane{p.h, p.w, make([]float64, len(p.v))}
	transpose(q.v, p.v, p.w, p.h)
	return q
}

// leaveLines takes away the lines that the paper has: its rules or squares, and
// a box around everything else. It tells how many. Where that leaves nothing,
// the lines are what is drawn, and stay.
func (p plane) leaveLines() int {
	across, down := p.rules(), p.turned().rules()
	if !p.boxed(across, down) {
		across, down = printed(across, p.w), printed(down, p.h)
	}
	if len(across)+len(down) == 0 {
		return 0
	}
	rest := plane{p.w, p.h, slices.Clone(p.v)}
	for _, r := range across {
		rest.wipe(r)
	}
	if len(down) > 0 {
		q := rest.turned()
		for _, r := range q.rules() { // once more: what crossed them is gone
			if slices.ContainsFunc(down, func(d rule) bool { return math.Abs(d.y-r.y) <= 2 }) {
				q.wipe(r)
			}
		}
		rest = q.turned()
	}
	if !rest.any() {
		return 0
	}
	copy(p.v, rest.v)
	return len(across) + len(down)
}

// any reports whether there is ink.
func (p plane) any() bool {
	return slices.ContainsFunc(p.v, func(v float64) bool { return v >= 0.5 })
}

// printed are those of the lines that the paper came with: three and more that
// are about parallel, or one from side to side.
func printed(lines []rule, length int) []rule {
	return slices.DeleteFunc(slices.Clone(lines), func(r rule) bool {
		if float64(r.x1-r.x0) >= whole*float64(length) {
			return false
		}
		parallel := 0
		for _, other := range lines {
			if math.Abs(other.slope-r.slope) < 0.05 {
				parallel++
			}
		}
		return parallel < 3
	})
}

// boxed reports whether the outermost lines are a box around all other ink.
func (p plane) boxed(across, down []rule) bool {
	if len(across) < 2 || len(down) < 2 {
		return false
	}
	byPlace := func(a, b rule) int { return int(a.y - b.y) }
	top, bottom := slices.MinFunc(across, byPlace), slices.MaxFunc(across, byPlace)
	left, right := slices.MinFunc(down, byPlace), slices.MaxFunc(down, byPlace)
	const tolerance = 0.1
	meets := func(r rule, from, to float64) bool {
		slack := tolerance * (to - from)
		return math.Abs(float64(r.x0)-from) <= slack && math.Abs(float64(r.x1)-to) <= slack
	}
	if bottom.y-top.y < shortest*float64(p.h) || right.y-left.y < shortest*float64(p.w) {
		return false
	}
	return meets(top, left.y, right.y) && meets(bottom, left.y, right.y) && meets(left, top.y, bottom.y) && meets(right, top.y, bottom.y)
}
