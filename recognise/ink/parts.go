package ink

import (
	"cmp"
	"image"
	"math"
	"slices"
)

// covered is from how much on a place counts as ink when its extent is
// measured: about what the box of KMNIST's own images is insensitive to.
const covered = 0.1

// What belongs to a character, in shares of its ink or of its longer side. Of
// KMNIST's test images 2 % have a part with less ink than a stray mark that is
// as far away, and 1 in 1,000 falls into what would be two characters.
const (
	speck = 1.0 / 300 // of all ink: less is dirt. The dots of characters are larger.

	near = 0.15 // gap up to which parts always belong together

	strayInk = 0.03 // a mark has less
	strayGap = 0.2  // and is farther away

	otherInk  = 0.3 // another character has more
	otherSide = 0.5 // is longer
	otherGap  = 0.2 // is farther away
	otherSpan = 1.9 // and makes both together longer

	strokes = 1.4 // a character crosses its rows or its columns more often, unlike each stroke of は
)

// part is what hangs together, over corners too, or is near enough.
type part struct {
	ink float64
	box image.Rectangle
	ids []int // of what hangs together
}

func (p part) side() int { return max(p.box.Dx(), p.box.Dy()) }

// gap is how far apart the boxes of two parts are.
func (p part) gap(q part) float64 {
	dx := max(p.box.Min.X-q.box.Max.X, q.box.Min.X-p.box.Max.X, 0)
	dy := max(p.box.Min.Y-q.box.Max.Y, q.box.Min.Y-p.box.Max.Y, 0)
	return math.Hypot(float64(dx), float64(dy))
}

func (p part) with(q part) part {
	return part{p.ink + q.ink, p.box.Union(q.box), slices.Concat(p.ids, q.ids)}
}

// stray reports whether q is a small mark far away.
func (p part) stray(q part) bool {
	return q.ink < strayInk*p.ink && p.gap(q) > strayGap*float64(p.side())
}

// other reports whether q looks like another character.
func (p part) other(q part) bool {
	side := float64(p.side())
	return q.ink >= otherInk*p.ink && float64(q.side()) >= otherSide*side &&
		p.gap(q) >= otherGap*side && float64(p.with(q).side()) >= otherSpan*side
}

// one takes what belongs to the group with the most ink, which is the first of the
// groups, as one character, and what does not as others. It counts stray marks.
func (p plane) one(groups []part, label []int) (all []part, marks int) {
	whole, rest := groups[0], slices.Clone(groups[1:])
	for again := true; again; {
		again = false
		for i, q := range rest {
			if !whole.stray(q) && !(whole.other(q) && p.crossed(whole, label) && p.crossed(q, label)) {
				whole, rest, again = whole.with(q), slices.Delete(rest, i, i+1), true
				break
			}
		}
	}
	all = []part{whole}
	for _, q := range rest {
		if !whole.stray(q) {
			all = append(all, q)
		} else {
			marks++
		}
	}
	return all, marks
}

// crossed reports whether a part is more than a stroke: many of its rows or of its
// columns go through ink several times.
func (p plane) crossed(q part, label []int) bool {
	mine := func(x, y int) bool {
		id := label[y*p.w+x]
		return id >= 0 && slices.Contains(q.ids, id)
	}
	rows, columns := 0, 0
	for y := q.box.Min.Y; y < q.box.Max.Y; y++ {
		for x := q.box.Min.X; x < q.box.Max.X; x++ {
			if !mine(x, y) {
				continue
			}
			if x == q.box.Min.X || !mine(x-1, y) {
				rows++
			}
			if y == q.box.Min.Y || !mine(x, y-1) {
				columns++
			}
		}
	}
	return float64(rows) >= strokes*float64(q.box.Dy()) || float64(columns) >= strokes*float64(q.box.Dx())
}

// large are the parts that are not specks, which bounds their number.
func large(parts []part) []part {
	total := 0.0
	for _, q := range parts {
		total += q.ink
	}
	return slices.DeleteFunc(parts, func(q part) bool { return q.ink < speck*total })
}

// joined puts together what is near each other, as seen from the larger of the
// two, and sorts by ink, the most first.
func joined(parts []part) []part {
	for again := true; again; {
		again = false
		for i := 0; i < len(parts); i++ {
			for j := i + 1; j < len(parts); j++ {
				if parts[i].gap(parts[j]) <= near*float64(max(parts[i].side(), parts[j].side())) {
					parts[i] = parts[i].with(parts[j])
					parts = slices.Delete(parts, j, j+1)
					again = true
					j--
				}
			}
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(b.ink, a.ink) })
	return parts
}

// parts labels what hangs together, from 0; what is not ink has -1.
func (p plane) parts() (label []int, parts []part) {
	label = make([]int, len(p.v))
	for i := range label {
		label[i] = -1
	}
	for start, v := range p.v {
		if v >= covered && label[start] < 0 {
			parts = append(parts, p.fill(start, len(parts), label))
		}
	}
	return label, parts
}

// fill labels what hangs together with start.
func (p plane) fill(start, id int, label []int) part {
	q := part{ids: []int{id}}
	stack := []int{start}
	label[start] = id
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		x, y := at%p.w, at/p.w
		q.ink += p.v[at]
		q.box = q.box.Union(image.Rect(x, y, x+1, y+1))
		for dy := max(y-1, 0); dy <= min(y+1, p.h-1); dy++ {
			for dx := max(x-1, 0); dx <= min(x+1, p.w-1); dx++ {
				if i := dy*p.w + dx; label[i] < 0 && p.v[i] >= covered {
					label[i] = id
					stack = append(stack, i)
				}
			}
		}
	}
	return q
}

// solid is the box of a part that is a sheet rather than strokes: large, and
// filled to the most part.
func (p plane) solid() (image.Rectangle, bool) {
	label, parts := p.parts()
	if len(parts) == 0 {
		return image.Rectangle{}, false
	}
	filled := make([]int, len(parts))
	for i, id := range label {
		if id >= 0 && p.v[i] >= 0.5 {
			filled[id]++
		}
	}
	best := 0
	for id, n := range filled {
		if n > filled[best] {
			best = id
		}
	}
	box, n := parts[best].box, filled[best]
	return box, 10*n >= 6*box.Dx()*box.Dy() && 4*min(box.Dx(), box.Dy()) >= min(p.w, p.h)
}
