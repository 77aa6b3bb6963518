package glyph

import "math/bits"

// ElasticSpacing is how many pixels apart the points of an elastic deformation are,
// along each axis.
const ElasticSpacing = 8

// Displacement is how far the place that a pixel is taken from moves.
type Displacement struct{ Y, X int32 }

// LatticePoints is how many points of an elastic deformation lie along a side of that
// many pixels: the pixels 0, 8, 16... and the first one that is not before the last pixel.
func LatticePoints(side int) int { return (side-1)/ElasticSpacing + 2 }

// Displacement draws that of a point of the lattice over image i of the batch in that
// step, in 2⁻⁸ pixel. Points are numbered along the rows. The words are
//
//	Philox(counter {i, step, 2 + ⌊point/2⌋, StreamAugment}, key seed): y, x of an even point, y, x of the next
//
// and each makes a number from -Elastic to Elastic, as those of [AugmentParams] do.
func (l AugmentationLimits) Displacement(seed uint64, step int32, i, point int) Displacement {
	words := Philox([4]uint32{uint32(i), uint32(step), uint32(2 + point/2), uint32(StreamAugment)}, Key(seed))
	return l.displacement(words, point)
}

func (l AugmentationLimits) displacement(words [4]uint32, point int) Displacement {
	at := 2 * (point % 2)
	return Displacement{draw(l.Elastic, words[at]), draw(l.Elastic, words[at+1])}
}

// AppendLattice appends the displacements of all points over image i of the batch, of
// h×w pixels, in that step; none if nothing is deformed.
func (l AugmentationLimits) AppendLattice(to []Displacement, seed uint64, step int32, i, h, w int) []Displacement {
	if l.Elastic == 0 {
		return to
	}
	var words [4]uint32
	key := Key(seed)
	for point := range LatticePoints(h) * LatticePoints(w) {
		if point%2 == 0 {
			words = Philox([4]uint32{uint32(i), uint32(step), uint32(2 + point/2), uint32(StreamAugment)}, key)
		}
		to = append(to, l.displacement(words, point))
	}
	return to
}

// draw makes a word a number from -limit to limit.
func draw(limit int32, word uint32) int32 {
	hi, _ := bits.Mul32(uint32(2*limit+1), word)
	return int32(hi) - limit
}
