// x[i] = (image j at the positions of sample i's map - mean)·scale and t[i] as in
// batch.comp: glyph.Backend.GatherAugmented. A work group makes 4·THREADS pixels
// of one image, HEIGHT×WIDTH×CHANNELS. Its first invocation draws the map and the hole
// that is cut out, and all of them the deformation.
#include "kernel.glsl"
#include "batch.glsl"
#include "philox.glsl"
#include "affine.glsl"
#define SPAN (4 * THREADS)
#include "elastic.glsl"
layout(location = UNIFORM_key_low) uniform int key_low;
layout(location = UNIFORM_key_high) uniform int key_high;
layout(location = UNIFORM_shift_limit) uniform int shift_limit;
layout(location = UNIFORM_rotation_limit) uniform int rotation_limit;
layout(location = UNIFORM_scale_limit) uniform int scale_limit;
layout(location = UNIFORM_shear_limit) uniform int shear_limit;
layout(location = UNIFORM_elastic_limit) uniform int elastic_limit;
layout(location = UNIFORM_stroke_limit) uniform int stroke_limit;
layout(location = UNIFORM_cutout) uniform int cutout; // side of the hole, or 0

shared affine map;
shared ivec2 hole; // its first column and row
shared int stroke; // by how much strokes are thicker, in 2⁻⁸

// draw is what glyph.Augmentation draws for image i: the map, the strokes, the hole, and
// the displacements about the elements from the first.
void draw(int i, int first, int id) {
	uvec2 key = uvec2(key_low, key_high);
	uvec4 counter = uvec4(i, clock[base[BINDING_clock]], 0, STREAM);
	if (elastic_limit > 0) draw_lattice(counter, key, elastic_limit, first, id);
	if (id > 0) return;
	uvec4 two = philox(counter + uvec4(0, 0, 1, 0), key);
	map = affine_of(philox(counter, key), two, ivec4(shift_limit, rotation_limit, scale_limit, shear_limit), HEIGHT, WIDTH);
	stroke = between_limits(stroke_limit, two.w);
	uvec2 middle, low;
	umulExtended(uvec2(WIDTH, HEIGHT), two.zy, middle, low);
	hole = ivec2(middle) - cutout / 2;
}

// pixel is a byte of the image that begins at that byte, or 0 outside of it.
uint pixel(uint begin, int y, int x, int c) {
	if (y < 0 || y >= HEIGHT || x < 0 || x >= WIDTH) return 0u;
	uint at = begin + uint((y * WIDTH + x) * CHANNELS + c);
	return byte_of(images[at >> 2], at);
}

// stroked is that byte of the image with other strokes: see glyph.StrokeBits.
uint stroked(uint begin, int y, int x, int c) {
	uint p = pixel(begin, y, x, c);
	if (stroke == 0 || y < 0 || y >= HEIGHT || x < 0 || x >= WIDTH) return p;
	uint up = pixel(begin, y - 1, x, c), down = pixel(begin, y + 1, x, c);
	uint left = pixel(begin, y, x - 1, c), right = pixel(begin, y, x + 1, c);
	uint m = stroke > 0 ? max(max(max(up, down), max(left, right)), p) : min(min(min(up, down), min(left, right)), p);
	return uint(int(p) + ((abs(stroke) * (int(m) - int(p)) + 128) >> 8));
}

// interpolated is element k of the moved image, in a work group whose first element is
// that: an integer below 2²⁴, times 2⁻¹⁶.
float interpolated(uint begin, int first, int k) {
	int c = k % CHANNELS, w = k / CHANNELS % WIDTH, h = k / (CHANNELS * WIDTH);
	if (all(lessThan(uvec2(ivec2(w, h) - hole), uvec2(cutout)))) return 0.0;
	ivec2 point = ivec2(map.x.x * w + map.x.y * h + map.x.z, map.y.x * w + map.y.y * h + map.y.z);
	if (elastic_limit > 0) point += displacement(first, h, w);
	int x = (point.x + 128) >> 8, y = (point.y + 128) >> 8;
	int left = x >> 8, top = y >> 8;
	uint right = uint(x & 255), down = uint(y & 255);
	uint above = (256u - right) * stroked(begin, top, left, c) + right * stroked(begin, top, left + 1, c);
	uint below = (256u - right) * stroked(begin, top + 1, left, c) + right * stroked(begin, top + 1, left + 1, c);
	return float((256u - down) * above + down * below) * (1.0 / 65536.0);
}

void pixels(int i, int first, int k) {
	if (k >= Pixels) return;
	uint begin = first_byte(i);
	vec4 v = vec4(0);
	for (int j = 0; j < 4; ++j)
		if (k + j < Pixels) v[j] = interpolated(begin, first, k + j);
	store_x(i * Pixels + k, Pixels - k, normalised(v, k, Pixels - k));
}

void main() {
	int group = group_index(), id = int(gl_LocalInvocationIndex);
	int groups = (Pixels + SPAN - 1) / SPAN; // of an image
	int i = group / groups, first = SPAN * (group % groups);
	if (group < x_groups) draw(i, first, id);
	memoryBarrierShared();
	barrier();
	if (group < x_groups) pixels(i, first, first + 4 * id);
	else targets((group - x_groups) * THREADS + id);
}
