package glyph

import (
	"math/bits"

	"glyph/internal/affine"
)

// Affine says where the pixels of an augmented image come from, in units of 2⁻¹⁶
// pixel: the pixel at row h and column w is taken from
//
//	x = XX·w + XY·h + X0
//	y = YX·w + YY·h + Y0
//
// It is computed in 32-bit integers throughout, so that every backend has the
// same six numbers, however accurate its own sine is. [Affine.Position] rounds a place
// to 2⁻⁸ pixel, the grid on which texture units interpolate (CUDA C++
// Programming Guide, "Linear Filtering"): weights are then integers with a sum
// of 2¹⁶, and an interpolated byte is an integer below 2²⁴, exact in float32.
type Affine struct{ XX, XY, X0, YX, YY, Y0 int32 }

// Position is the place that row h and column w is taken from, in 2⁻⁸ pixel.
func (m Affine) Position(h, w int) (y, x int32) {
	y, x = m.Row(h)
	return GridPosition(y + m.YX*int32(w)), GridPosition(x + m.XX*int32(w))
}

// Row is the place that the first pixel of row h is taken from, in 2⁻¹⁶ pixel.
// Every next one is (YX, XX) further on.
func (m Affine) Row(h int) (y, x int32) {
	return m.YY*int32(h) + m.Y0, m.XY*int32(h) + m.X0
}

// GridPosition rounds 2⁻¹⁶ pixels to 2⁻⁸.
func GridPosition(v int32) int32 { return affine.Grid(v) }

// AugmentParams are the random parameters of one image of a batch, in the units of
// AugmentationLimits. The words are, with i the image's place in the batch,
//
//	Philox(counter {i, step, 0, StreamAugment}, key seed): y, x, rotation, scale
//	Philox(counter {i, step, 1, StreamAugment}, key seed): shear, two of Augmentation.Hole, stroke
//
// and each word makes a number from -limit to limit, as in Lemire 2019 without
// the rejection: none is favoured by more than 2⁻³²·(2·limit + 1).
type AugmentParams struct{ Y, X, Rotation, Scale, Shear, Stroke int32 }

// Draw draws the parameters of image i of the batch in that step.
func (l AugmentationLimits) Draw(seed uint64, step int32, i int) AugmentParams {
	key := Key(seed)
	one := Philox([4]uint32{uint32(i), uint32(step), 0, uint32(StreamAugment)}, key)
	two := Philox([4]uint32{uint32(i), uint32(step), 1, uint32(StreamAugment)}, key)
	return AugmentParams{
		Y: draw(l.Shift, one[0]), X: draw(l.Shift, one[1]),
		Rotation: draw(l.Rotation, one[2]), Scale: draw(l.Scale, one[3]), Shear: draw(l.Shear, two[0]), Stroke: draw(l.Stroke, two[3]),
	}
}

// Affine is the map of the parameters on images of h×w pixels. The image moves by
//
//	out = s·R·K·(in - middle) + middle + (X, Y),   s = 1 + Scale,
//	R = (cos θ, -sin θ; sin θ, cos θ),   K = (1, k; 0, 1),   θ = 2·Rotation, k = Shear
//
// over (x, y), and the map is its inverse.
func (p AugmentParams) Affine(h, w int) Affine {
	return Affine(affine.Of(affine.Params{Y: p.Y, X: p.X, Rotation: p.Rotation, Scale: p.Scale, Shear: p.Shear}, h, w))
}

// Hole is the first row and column of the square that is cut out of image i of the
// batch, of h×w pixels, in that step. The square reaches Cutout pixels down and to the
// right, and may begin or end outside the image. Its middle pixel is drawn uniformly
// from the image, as ⌊h·word/2³²⌋ and ⌊w·word/2³²⌋ from the two words that follow the
// shear's word (see AugmentParams).
func (a Augmentation) Hole(seed uint64, step int32, i, h, w int) (top, left int) {
	words := Philox([4]uint32{uint32(i), uint32(step), 1, uint32(StreamAugment)}, Key(seed))
	y, _ := bits.Mul32(uint32(h), words[1])
	x, _ := bits.Mul32(uint32(w), words[2])
	return int(y) - a.Cutout/2, int(x) - a.Cutout/2
}
