package cpu

import "glyph"

// moves is how an image moves: by its map, and by the displacements of a lattice's points,
// or none.
type moves struct {
	m       glyph.Affine
	lattice []glyph.Displacement
	width   int
}

// pieces is how many parts of a row, one after the other, are lines.
func (m moves) pieces() int {
	if len(m.lattice) == 0 {
		return 1
	}
	return glyph.LatticePoints(m.width) - 1
}

// piece is the pixels of part c of row h and where they are taken from, in 2⁻¹⁶ pixel:
// those of a line, each (YX, XX) further on than the one before, beginning at (Y0, X0).
// The displacement is bilinear between four points. In units of 2⁻⁸/8 pixel it is
// (8-v)·above + v·below at the left and at the right, v rows below the points above; eight
// pixels lie between them, so that it grows by an eighth of the difference: exactly, in
// integers of 2⁻¹⁶ pixel.
func (m moves) piece(h, c int) (from, to int, line glyph.Affine) {
	line = m.m
	line.Y0, line.X0 = m.m.Row(h)
	if len(m.lattice) == 0 {
		return 0, m.width, line
	}
	const spacing = glyph.ElasticSpacing
	from = c * spacing
	line.Y0, line.X0 = line.Y0+line.YX*int32(from), line.X0+line.XX*int32(from)
	points := glyph.LatticePoints(m.width)
	above, v := m.lattice[h/spacing*points+c:], int32(h%spacing)
	below := above[points:]
	mix := func(i int) (y, x int32) {
		return (spacing-v)*above[i].Y + v*below[i].Y, (spacing-v)*above[i].X + v*below[i].X
	}
	y, x := mix(0)
	nextY, nextX := mix(1)
	const unit, step = 1 << 16 / (1 << 8 * spacing), 1 << 16 / (1 << 8 * spacing * spacing)
	line.Y0, line.X0 = line.Y0+y*unit, line.X0+x*unit
	line.YX, line.XX = line.YX+(nextY-y)*step, line.XX+(nextX-x)*step
	return from, min(from+spacing, m.width), line
}
