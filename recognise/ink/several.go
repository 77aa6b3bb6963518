package ink

import (
	"cmp"
	"slices"
)

// What tells several characters from one, besides what other asks for. Of KMNIST's
// test images none looks like several; of pairs of them, with a quarter to more than a
// half of their size between them, six in seven are taken apart as they were put
// together, and of rows, columns and squares of three to five 97 in 100. What is missed
// is mostly a character of one stroke.
const (
	square = 1.3  // of the side of the largest part: no character is longer
	mark   = 0.08 // of the ink of the largest character: less is not one
	most   = 32   // characters that are told apart
)

// characters are those that there seem to be, in the order in which they are read in
// rows, with which of them has the most ink, and how many marks belong to none. There
// is none in a plane without ink.
func (p plane) characters() (all []part, label []int, largest, marks int) {
	label, parts := p.parts()
	groups := joined(large(parts))
	if len(groups) == 0 {
		return nil, label, 0, 0
	}
	if all, marks = p.several(groups, label); len(all) < 2 {
		all, marks = p.one(groups, label)
	}
	all = inRows(all)
	for i, q := range all {
		if q.ink > all[largest].ink {
			largest = i
		}
	}
	return all, label, largest, marks
}

// several takes apart characters beside or below each other, or in any places. It
// returns none where there seems to be only one. groups are what is joined, the one
// with the most ink first.
func (p plane) several(groups []part, label []int) (all []part, marks int) {
	var seeds []part
	for _, q := range groups {
		if len(seeds) < most && q.ink >= otherInk*groups[0].ink && p.crossed(q, label) {
			seeds = append(seeds, q)
		}
	}
	side := 0
	for i, a := range seeds {
		for _, b := range seeds[:i] {
			if a.other(b) && b.other(a) {
				side = max(side, a.side(), b.side())
			}
		}
	}
	if side == 0 {
		return nil, 0
	}
	all = gathered(groups, square*float64(side))
	slices.SortStableFunc(all, func(a, b part) int { return cmp.Compare(b.ink, a.ink) })
	n := len(all)
	all = slices.DeleteFunc(all, func(q part) bool { return q.ink < mark*all[0].ink })
	all = all[:min(len(all), most)]
	return all, n - len(all)
}

// gathered puts together what is nearest, as long as nothing becomes longer than that.
func gathered(parts []part, longest float64) []part {
	parts = slices.Clone(parts)
	for {
		at, with, least := -1, -1, 0.0
		for i := range parts {
			for j := range i {
				gap, both := parts[i].gap(parts[j]), part{box: parts[i].box.Union(parts[j].box)}
				if (at < 0 || gap < least) && float64(both.side()) <= longest {
					at, with, least = i, j, gap
				}
			}
		}
		if at < 0 {
			return parts
		}
		parts[with] = parts[with].with(parts[at])
		parts = slices.Delete(parts, at, at+1)
	}
}

// inRows sorts characters by rows, from the top, and in a row from the left. A row is
// what reaches as high as the middle of its first character.
func inRows(all []part) []part {
	slices.SortStableFunc(all, func(a, b part) int { return cmp.Compare(a.box.Min.Y, b.box.Min.Y) })
	var sorted []part
	for len(all) > 0 {
		var row, rest []part
		middle := (all[0].box.Min.Y + all[0].box.Max.Y + 1) / 2 // below its top
		for _, q := range all {
			if q.box.Min.Y < middle {
				row = append(row, q)
			} else {
				rest = append(rest, q)
			}
		}
		slices.SortStableFunc(row, func(a, b part) int { return cmp.Compare(a.box.Min.X, b.box.Min.X) })
		sorted, all = append(sorted, row...), rest
	}
	return sorted
}

// only is the ink of one character, in its box.
func (p plane) only(q part, label []int) plane {
	own := make([]bool, len(p.v)+1) // by label
	for _, id := range q.ids {
		own[id] = true
	}
	c := plane{q.box.Dx(), q.box.Dy(), make([]float64, q.box.Dx()*q.box.Dy())}
	for i := range c.v {
		at := (q.box.Min.Y+i/c.w)*p.w + q.box.Min.X + i%c.w
		if id := label[at]; id < 0 || own[id] {
			c.v[i] = p.v[at]
		}
	}
	return c
}
