package glyph_test

import (
	"testing"

	"glyph"
)

// The points of a lattice are within the range, each with a draw of its own, the same by
// itself and in the list; and the lattice reaches the last pixel, but no farther than it
// has to.
func TestLattice(t *testing.T) {
	l := glyph.Augmentation{Elastic: 1.5}.Limits()
	for _, side := range [][2]int{{1, 1}, {28, 28}, {8, 9}, {9, 17}, {3, 1024}} {
		for _, s := range side {
			if last := glyph.ElasticSpacing * (glyph.LatticePoints(s) - 1); last < s-1 || last > s-1+glyph.ElasticSpacing {
				t.Errorf("%d pixels: the last point is at %d", s, last)
			}
		}
		points := l.AppendLattice(nil, 7<<32, 3, 2, side[0], side[1])
		if want := glyph.LatticePoints(side[0]) * glyph.LatticePoints(side[1]); len(points) != want {
			t.Fatalf("%v pixels: %d points, want %d", side, len(points), want)
		}
		seen := map[glyph.Displacement]bool{}
		for p, d := range points {
			if d != l.Displacement(7<<32, 3, 2, p) || max(d.Y, -d.Y, d.X, -d.X) > l.Elastic {
				t.Fatalf("%v pixels, point %d: %+v, alone %+v", side, p, d, l.Displacement(7<<32, 3, 2, p))
			}
			seen[d] = true
		}
		if len(seen) != len(points) {
			t.Errorf("%v pixels: %d points have %d different draws", side, len(points), len(seen))
		}
	}
	for _, other := range []glyph.Displacement{l.Displacement(7, 3, 2, 5), l.Displacement(7<<32, 4, 2, 5), l.Displacement(7<<32, 3, 1, 5)} {
		if other == l.Displacement(7<<32, 3, 2, 5) {
			t.Error("another seed, step or image has the same draw")
		}
	}
	if points := (glyph.Augmentation{Shift: 1}).Limits().AppendLattice(nil, 1, 2, 3, 28, 28); points != nil {
		t.Errorf("nothing is deformed by %v", points)
	}
}
