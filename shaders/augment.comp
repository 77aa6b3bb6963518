// x[i] = (image j at the positions of sample i's map - mean)·scale and t[i] as in
// batch.comp: glyph.Backend.GatherAugmented. A work group makes 4·THREADS pixels
// of one image, HEIGHT×WIDTH×CHANNELS, and its first invocation draws the map
// and the hole that is cut out.
#include "kernel.glsl"
#include "batch.glsl"
#include "philox.glsl"
#include "affine.glsl"
layout(location = UNIFORM_key_low) uniform int key_low;
layout(location = UNIFORM_key_high) uniform int key_high;
layout(location = UNIFORM_shift_limit) uniform int shift_limit;
layout(location = UNIFORM_rotation_limit) uniform int rotation_limit;
layout(location = UNIFORM_scale_limit) uniform int scale_limit;
layout(location = UNIFORM_shear_limit) uniform int shear_limit;
layout(location = UNIFORM_cutout) uniform int cutout; // side of the hole, or 0

shared affine map;
shared ivec2 hole; // its first column and row

// draw is what glyph.Augmentation draws for image i: the map and the hole.
void draw(int i) {
	uvec2 key = uvec2(key_low, key_high);
	uvec4 counter = uvec4(i, clock[base[BINDING_clock]], 0, STREAM);
	uvec4 two = philox(counter + uvec4(0, 0, 1, 0), key);
	map = affine_of(philox(counter, key), two, ivec4(shift_limit, rotation_limit, scale_limit, shear_limit), HEIGHT, WIDTH);
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

// interpolated is element k of the moved image: an integer below 2²⁴, times 2⁻¹⁶.
float interpolated(uint begin, int k) {
	int c = k % CHANNELS, w = k / CHANNELS % WIDTH, h = k / (CHANNELS * WIDTH);
	if (all(lessThan(uvec2(ivec2(w, h) - hole), uvec2(cutout)))) return 0.0;
	int x = (map.x.x * w + map.x.y * h + map.x.z + 128) >> 8;
	int y = (map.y.x * w + map.y.y * h + map.y.z + 128) >> 8;
	int left = x >> 8, top = y >> 8;
	uint right = uint(x & 255), down = uint(y & 255);
	uint above = (256u - right) * pixel(begin, top, left, c) + right * pixel(begin, top, left + 1, c);
	uint below = (256u - right) * pixel(begin, top + 1, left, c) + right * pixel(begin, top + 1, left + 1, c);
	return float((256u - down) * above + down * below) * (1.0 / 65536.0);
}

void pixels(int i, int k) {
	if (k >= Pixels) return;
	uint begin = first_byte(i);
	vec4 v = vec4(0);
	for (int j = 0; j < 4; ++j)
		if (k + j < Pixels) v[j] = interpolated(begin, k + j);
	store_x(i * Pixels + k, Pixels - k, normalised(v, k, Pixels - k));
}

void main() {
	int group = group_index(), id = int(gl_LocalInvocationIndex);
	int groups = (Pixels + 4 * THREADS - 1) / (4 * THREADS); // of an image
	int i = group / groups;
	if (id == 0 && group < x_groups) draw(i);
	memoryBarrierShared();
	barrier();
	if (group < x_groups) pixels(i, 4 * (group % groups * THREADS + id));
	else targets((group - x_groups) * THREADS + id);
}
