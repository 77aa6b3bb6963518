// An elastic deformation, as glyph.AugmentationLimits.Displacement draws it: how far the
// place that a pixel is taken from moves, in integers. A work group makes SPAN elements of
// one image in a row and keeps the points of the lattice around them.
const int SPACING = 8; // glyph.ElasticSpacing
const int lattice_columns = (WIDTH - 1) / SPACING + 2, lattice_rows = (HEIGHT - 1) / SPACING + 2;
// The elements are of up to so many rows of pixels, and those of so many rows of points.
const int span_rows = (SPAN - 1) / (WIDTH * CHANNELS) + 2;
const int kept_rows = (span_rows + SPACING - 2) / SPACING + 2;
const int lattice_points = lattice_columns * (kept_rows < lattice_rows ? kept_rows : lattice_rows);

shared ivec2 lattice[lattice_points]; // (x, y), in 2⁻⁸ pixel

// first_kept is the row of points above element k.
int first_kept(int k) { return k / (WIDTH * CHANNELS) / SPACING; }

// draw_lattice draws the points around SPAN elements from the first, those of one
// invocation.
void draw_lattice(uvec4 counter, uvec2 key, int limit, int first, int id) {
	int begin = first_kept(first) * lattice_columns;
	for (int k = id; k < lattice_points; k += THREADS) {
		int point = begin + k;
		uvec4 words = philox(counter + uvec4(0, 0, 2 + point / 2, 0), key);
		uvec2 two = (point & 1) == 0 ? words.xy : words.zw;
		lattice[k] = ivec2(between_limits(limit, two.y), between_limits(limit, two.x));
	}
}

// displacement is that of the pixel in row h and column w, (x, y) in 2⁻¹⁶ pixel, for a work
// group whose first element is that: 2¹⁶ = 2⁸·SPACING²·4.
ivec2 displacement(int first, int h, int w) {
	int k = (h / SPACING - first_kept(first)) * lattice_columns + w / SPACING;
	int v = h % SPACING, u = w % SPACING;
	ivec2 left = (SPACING - v) * lattice[k] + v * lattice[k + lattice_columns];
	ivec2 right = (SPACING - v) * lattice[k + 1] + v * lattice[k + lattice_columns + 1];
	return 4 * ((SPACING - u) * left + u * right);
}
