// The integers of glyph.AugmentationLimits.Draw and glyph.AugmentParams.Affine, where the
// formulas are. Positions are in 2⁻¹⁶ pixel, angles in 2⁻²⁸ radian.
struct affine {
	ivec3 x, y; // x = x.x·w + x.y·h + x.z
};

// product is ⌊a·b/2ᵇⁱᵗˢ⌋ with all of a·b.
int product(int a, int b, int bits) {
	int high, low;
	imulExtended(a, b, high, low);
	return (high << (32 - bits)) | int(uint(low) >> bits);
}

// between_limits is a number from -limit to limit, made of a random word.
int between_limits(int limit, uint word) {
	uint high, low;
	umulExtended(uint(2 * limit + 1), word, high, low);
	return int(high) - limit;
}

const int sin_terms[6] = int[6](1 << 28, -44739243, 2236962, -53261, 740, -7);
const int cos_terms[7] = int[7](1 << 28, -(1 << 27), 11184811, -372827, 6658, -74, 1);

// sin_cos is the sine and cosine of 2·a.
ivec2 sin_cos(int a) {
	int square = product(a, a, 28), s = sin_terms[5], c = cos_terms[6];
	for (int i = 4; i >= 0; --i) s = sin_terms[i] + product(square, s, 28);
	for (int i = 5; i >= 0; --i) c = cos_terms[i] + product(square, c, 28);
	s = product(a, s, 28);
	return ivec2(2 * product(s, c, 28), (1 << 28) - 2 * product(s, s, 28));
}

// affine_of is the map of height×width images for the words of both counters.
// limits is of shift, rotation, scale, shear.
affine affine_of(uvec4 one, uvec4 two, ivec4 limits, int height, int width) {
	ivec2 shift = ivec2(between_limits(limits.x, one.y), between_limits(limits.x, one.x)); // (x, y)
	ivec2 turn = sin_cos(between_limits(limits.y, one.z));
	int inverse = int((1u << 31) / uint((1 << 15) + between_limits(limits.z, one.w)));
	int shear = between_limits(limits.w, two.x);
	affine m;
	m.x.x = product(turn.y + product(shear, turn.x, 16), inverse, 28);
	m.x.y = product(turn.x - product(shear, turn.y, 16), inverse, 28);
	m.y.x = product(-turn.x, inverse, 28);
	m.y.y = product(turn.y, inverse, 28);
	ivec2 middle = (ivec2(width, height) - 1) << 15, from = middle + (shift << 8);
	m.x.z = middle.x - product(m.x.x, from.x, 16) - product(m.x.y, from.y, 16);
	m.y.z = middle.y - product(m.y.x, from.x, 16) - product(m.y.y, from.y, 16);
	return m;
}
