package ink

import (
	"math"
	"slices"
)

// What counts as a line of the paper, in shares of the picture's shorter side
// (its thickness) and of its width or height (its length).
const (
	thickest = 0.025
	shortest = 0.4  // of a line at all
	whole    = 0.9  // of one that is taken away though it is alone
	dense    = 0.6  // of its length must be there
	steepest = 0.17 // tangent of its angle to the picture's side
)

// faint is from how much ink on a place belongs to a line: rules are paler than
// ink.
const faint = 0.05

// stretch is a piece of a column that is ink from y0 to y1, thin enough to be of
// a line across.
type stretch struct{ x, y0, y1 int }

func (s stretch) middle() float64 { return float64(s.y0+s.y1) / 2 }

// rule is a straight line across the picture.
type rule struct {
	pieces []stretch
	x0, x1 int     // where it begins and ends
	y      float64 // in the picture's middle
	slope  float64
}

// at is the row in which the line crosses a column.
func (r rule) at(x, w int) int { return int(math.Round(r.y + r.slope*(float64(x)-float64(w)/2))) }

// measure is the median of its pieces' thickness and of how much ink is on them.
func (p plane) measure(r rule) (thickness int, level float64) {
	rows, levels := make([]int, len(r.pieces)), make([]float64, len(r.pieces))
	for i, s := range r.pieces {
		rows[i] = s.y1 - s.y0
		for y := s.y0; y < s.y1; y++ {
			levels[i] = max(levels[i], p.v[y*p.w+s.x])
		}
	}
	slices.Sort(rows)
	slices.Sort(levels)
	return rows[len(rows)/2], levels[len(levels)/2]
}

// rules finds the long straight thin lines across the picture: the pieces of
// each vote for all lines that they lie on (Hough 1962), and the lines that most
// are on are taken out, one after the other.
func (p plane) rules() (found []rule) {
	all := p.stretches()
	most := int(shortest * float64(p.w))
	if most == 0 || len(all) < most {
		return nil
	}
	// A line's height changes by a place from one slope to the next.
	slopes := int(math.Ceil(steepest * float64(p.w)))
	margin := slopes/2 + 3
	slope := func(k int) float64 { return float64(k) / float64(p.w) }
	offset := func(s stretch, k int) int {
		return int(math.Round(s.middle()-slope(k)*(float64(s.x)-float64(p.w)/2))) + margin
	}
	rows := p.h + 2*margin
	votes := make([]int, (2*slopes+1)*rows)
	count := func(s stretch, by int) {
		for k := -slopes; k <= slopes; k++ {
			votes[(k+slopes)*rows+offset(s, k)] += by
		}
	}
	for _, s := range all {
		count(s, 1)
	}
	for {
		best, at := 0, 0
		for i := 1; i < len(votes)-1; i++ {
			// Twice in the middle: many slopes have a line within a place.
			if n := votes[i-1] + 2*votes[i] + votes[i+1]; n > best {
				best, at = n, i
			}
		}
		if best == 0 || best < most {
			return found
		}
		r := rule{slope: slope(at/rows - slopes), y: float64(at%rows - margin)}
		var rest []stretch
		for _, s := range all {
			if d := offset(s, at/rows-slopes) - at%rows; d >= -1 && d <= 1 {
				r.pieces = append(r.pieces, s)
				count(s, -1)
			} else {
				rest = append(rest, s)
			}
		}
		if len(r.pieces) == 0 {
			return found
		}
		all = rest
		if r.x0, r.x1 = p.longest(r); float64(r.x1-r.x0) >= shortest*float64(p.w) {
			r.pieces = slices.DeleteFunc(r.pieces, func(s stretch) bool { return s.x < r.x0 || s.x >= r.x1 })
			found = append(found, r)
		}
	}
}

// longest is from where to where there is a line: thin pieces, and the strokes
// that cross it, without wide gaps.
func (p plane) longest(r rule) (x0, x1 int) {
	there := make([]float64, p.w)
	for x := range there {
		for y := max(r.at(x, p.w)-1, 0); y <= min(r.at(x, p.w)+1, p.h-1); y++ {
			if p.v[y*p.w+x] >= faint {
				there[x] = 1
			}
		}
	}
	// The greatest sum of what is there, less what should be.
	sum, from, best := 0.0, 0, 0.0
	for x, n := range there {
		if sum <= 0 {
			sum, from = 0, x
		}
		if sum += n - dense; sum > best {
			best, x0, x1 = sum, from, x+1
		}
	}
	return x0, x1
}

// stretches are the thin pieces of all columns.
func (p plane) stretches() (all []stretch) {
	most := max(3, int(thickest*float64(min(p.w, p.h))))
	for x := range p.w {
		for y := 0; y < p.h; y++ {
			if p.v[y*p.w+x] < faint {
				continue
			}
			y0 := y
			for y < p.h && p.v[y*p.w+x] >= faint {
				y++
			}
			if y-y0 <= most {
				all = append(all, stretch{x, y0, y})
			}
		}
	}
	return all
}
