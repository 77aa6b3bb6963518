// Package affine is the fixed-point arithmetic of augmentation: the map of a
// moved image, in 32-bit integers throughout. Every backend has the same six
// numbers, however accurate its own sine is; shaders/affine.glsl is the same in GLSL.
package affine

// Fractional bits of the numbers.
const (
	PositionBits = 8  // of a shift, and of a place that pixels are interpolated at
	ScaleBits    = 15 // of a relative change of size
	MapBits      = 16 // of a map's numbers, and of a shear's tangent
	AngleBits    = 28 // of an angle in radians, a sine, a cosine
)

// Params is what an image is moved by: Y and X in 2⁻⁸ pixel, Rotation of half
// the angle in 2⁻²⁸ radian, Scale in 2⁻¹⁵, Shear of the tangent in 2⁻¹⁶.
type Params struct{ Y, X, Rotation, Scale, Shear int32 }

// Map is where pixels come from, in 2⁻¹⁶ pixel: (XX·w + XY·h + X0, YX·w + YY·h + Y0).
type Map struct{ XX, XY, X0, YX, YY, Y0 int32 }

// Of is the map of images of h×w pixels that move by
//
//	out = s·R·K·(in - middle) + middle + (X, Y),   s = 1 + Scale,
//	R = (cos θ, -sin θ; sin θ, cos θ),   K = (1, k; 0, 1),   θ = 2·Rotation, k = Shear
//
// over (x, y). The map is the inverse:
//
//	in = A·(out - middle - (X, Y)) + middle,
//	A = (cos θ + k·sin θ, sin θ - k·cos θ; -sin θ, cos θ)/s
func Of(p Params, h, w int) Map {
	sin, cos := sinCos(p.Rotation)
	inverse := int32(1 << 31 / uint32(1<<ScaleBits+p.Scale)) // 1/s, in 2⁻¹⁶
	m := Map{
		XX: product(cos+product(p.Shear, sin, MapBits), inverse, AngleBits),
		XY: product(sin-product(p.Shear, cos, MapBits), inverse, AngleBits),
		YX: product(-sin, inverse, AngleBits),
		YY: product(cos, inverse, AngleBits),
	}
	middleX, middleY := int32(w-1)<<(MapBits-1), int32(h-1)<<(MapBits-1)
	fromX, fromY := middleX+p.X<<(MapBits-PositionBits), middleY+p.Y<<(MapBits-PositionBits)
	m.X0 = middleX - product(m.XX, fromX, MapBits) - product(m.XY, fromY, MapBits)
	m.Y0 = middleY - product(m.YX, fromX, MapBits) - product(m.YY, fromY, MapBits)
	return m
}

// Grid rounds 2⁻¹⁶ pixels to 2⁻⁸.
func Grid(v int32) int32 {
	const shift = MapBits - PositionBits
	return (v + 1<<(shift-1)) >> shift
}

// product is ⌊a·b/2ᵇⁱᵗˢ⌋ with all of a·b.
func product(a, b int32, bits uint) int32 { return int32(int64(a) * int64(b) >> bits) }

// Taylor's coefficients of sin(a)/a and cos(a) in a², in 2⁻²⁸. Up to a = π/2
// what is left out is below 6e-8; with the rounding of coefficients the results
// are within 2e-6, which moves a corner of 28×28 pixels by less than 2⁻¹⁴ pixel.
var (
	sinTerms = [6]int32{1 << AngleBits, -44739243, 2236962, -53261, 740, -7}
	cosTerms = [7]int32{1 << AngleBits, -1 << (AngleBits - 1), 11184811, -372827, 6658, -74, 1}
)

// sinCos is the sine and cosine of twice the angle a, |a| <= π/2, all in 2⁻²⁸.
func sinCos(a int32) (sin, cos int32) {
	square := product(a, a, AngleBits)
	s, c := sinTerms[5], cosTerms[6]
	for i := 4; i >= 0; i-- {
		s = sinTerms[i] + product(square, s, AngleBits)
	}
	for i := 5; i >= 0; i-- {
		c = cosTerms[i] + product(square, c, AngleBits)
	}
	s = product(a, s, AngleBits)
	return 2 * product(s, c, AngleBits), 1<<AngleBits - 2*product(s, s, AngleBits)
}
