package backendtest

import "glyph"

// lattice is the displacements of all points by hand, drawn one by one.
type lattice struct {
	columns int
	points  []glyph.Displacement
}

func newLattice(draw func(point int) glyph.Displacement, h, w int) lattice {
	l := lattice{columns: (w-1)/8 + 2}
	for p := range ((h-1)/8 + 2) * l.columns {
		l.points = append(l.points, draw(p))
	}
	return l
}

// bilinear is the displacement in row h and column w, in 2⁻¹⁶ pixel.
func (l lattice) bilinear(h, w int) (y, x int32) {
	for _, corner := range [][2]int{{0, 0}, {0, 1}, {1, 0}, {1, 1}} {
		d := l.points[(h/8+corner[0])*l.columns+w/8+corner[1]]
		weight := 4 * int32((8-h%8)*(1-corner[0])+h%8*corner[0]) * int32((8-w%8)*(1-corner[1])+w%8*corner[1])
		y, x = y+weight*d.Y, x+weight*d.X
	}
	return y, x
}

// elasticMutations are of a deformation.
func elasticMutations(add func(name string, change func(h *byHand), ops ...string)) {
	const properties = "" // see it too
	drawn := func(name string, change func(l *glyph.AugmentationLimits, seed *uint64, step *int32, i, point *int), ops ...string) {
		add(name, func(hand *byHand) {
			hand.point = func(l glyph.AugmentationLimits, seed uint64, step int32, i, point int) glyph.Displacement {
				change(&l, &seed, &step, &i, &point)
				return l.Displacement(seed, step, i, point)
			}
		}, ops...)
	}
	drawn("the next step's deformation", func(_ *glyph.AugmentationLimits, _ *uint64, step *int32, _, _ *int) { *step++ })
	drawn("one deformation for a batch", func(_ *glyph.AugmentationLimits, _ *uint64, _ *int32, i, _ *int) { *i = 0 })
	drawn("another seed's deformation", func(_ *glyph.AugmentationLimits, seed *uint64, _ *int32, _, _ *int) { *seed ^= 1 << 40 })
	drawn("one point for all", func(_ *glyph.AugmentationLimits, _ *uint64, _ *int32, _, point *int) { *point = 0 }, properties)
	drawn("points in pairs", func(_ *glyph.AugmentationLimits, _ *uint64, _ *int32, _, point *int) { *point &^= 1 })
	drawn("half the deformation", func(l *glyph.AugmentationLimits, _ *uint64, _ *int32, _, _ *int) { l.Elastic /= 2 }, properties)
	add("a point's y for its x", func(hand *byHand) {
		hand.point = func(l glyph.AugmentationLimits, seed uint64, step int32, i, point int) glyph.Displacement {
			d := l.Displacement(seed, step, i, point)
			return glyph.Displacement{Y: d.X, X: d.Y}
		}
	})
	bent := func(name string, bend func(l lattice, h, w int) (y, x int32), ops ...string) {
		add(name, func(hand *byHand) { hand.bend = bend }, ops...)
	}
	bent("no deformation", func(lattice, int, int) (y, x int32) { return 0, 0 }, properties)
	bent("the nearest point", func(l lattice, h, w int) (y, x int32) { return l.bilinear((h+4)/8*8, (w+4)/8*8) }, properties)
	bent("no interpolation along y", func(l lattice, h, w int) (y, x int32) { return l.bilinear(h/8*8, w) }, properties)
	bent("a pixel late", func(l lattice, h, w int) (y, x int32) { return l.bilinear(h, max(w-1, 0)) })
	bent("whole pixels", func(l lattice, h, w int) (y, x int32) {
		y, x = l.bilinear(h, w)
		return y >> 16 << 16, x >> 16 << 16
	}, properties)
	bent("the other way", func(l lattice, h, w int) (y, x int32) {
		y, x = l.bilinear(h, w)
		return -y, -x
	})
	add("rounded before it is deformed", func(hand *byHand) { hand.rounded = true })
}
