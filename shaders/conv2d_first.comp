// y of conv2d.comp for one channel: an invocation computes 2×2 outputs of four
// filters at a time. Every sum goes in the order of (r, s) by multiply-adds from 0, so
// that the bits are those of conv2d.comp. KEEP_Y, POOL, KEEP_POOLED and DROP are as there; a
// unit is a window. With GATHER it does glyph.Backend.Gather as well, whose x is not stored.
#include "kernel.glsl"
#include "tensor_out.glsl" name=y vec=1
#include "tensor_out.glsl" name=pooled vec=1
#include "tensor_out.glsl" name=drops vec=1
#include "tensor_in.glsl" name=w vec=0
#include "tensor_in.glsl" name=b vec=1
#include "activation.glsl"
#include "dropped.glsl"
layout(location = UNIFORM_clock_at) uniform int clock_at; // of Gather
#include "conv2d_first.glsl"
layout(location = UNIFORM_across) uniform int across; // units in a row

const int TEAM = THREADS / FOURS; // invocations for the same four filters

#include "conv2d_first_store.glsl"
#include "conv2d_first_targets.glsl"

// What is added to the sums of filters k to k+3: never -0. A compiler may begin a sum with
// a product in place of a multiply-add to 0, so that it is -0 where all pixels are 0, and
// one of conv2d.comp is not. Only of products that all vanish may zeros differ in sign.
vec4 added(int k) {
#if BIAS
	vec4 v = load_b(k, K - k);
	for (int i = 0; i < 4; ++i) v[i] = is_zero(v[i]) ? 0.0 : v[i];
	return v;
#else
	return vec4(intBitsToFloat(min(pitch, 0))); // 0, and no compiler knows it
#endif
}

#include "conv2d_first_weights.glsl"

void main() {
	int id = int(gl_LocalInvocationIndex), four = id % FOURS, lane = id / FOURS;
	int blocks = (K + 4 * FOURS - 1) / (4 * FOURS), group = group_index();
	int block = group % blocks, p0 = group / blocks % bands * band, n = group / blocks / bands;
	int k = 4 * (block * FOURS + four);
#if GATHER
	targets(group, N * bands * blocks);
#endif
#if PLAIN
	begin_image(n);
#else
	load(block, n, p0);
#if HOLD
	vec4 held[RS];
	for (int i = 0; i < RS; ++i) held[i] = weights[i * FOURS + four];
#define WEIGHT(i) held[i]
#else
#define WEIGHT(i) weights[(i) * FOURS + four]
#endif
#endif
	vec4 bias = added(k);
	int up = lane / across, left = lane % across; // of a unit in the band
	int high = TEAM / across, wide = TEAM % across;
	int end = min(band, P - p0);
	while (up * 2 < end) {
		vec4 z[2][2];
#if PLAIN
		int h = (p0 + up * 2) * STRIDE - PAD, w = left * 2 * STRIDE - PAD;
		for (int a = 0; a < 2; ++a)
			for (int c = 0; c < 2; ++c) z[a][c] = sum_of(h + a * STRIDE, w + c * STRIDE, k);
#else
		const int LONG_P = STRIDE + R, LONG_Q = STRIDE + S;
		int at = (up * 2 * pitch + left * 2) * STRIDE;
		for (int a = 0; a < 2; ++a)
			for (int c = 0; c < 2; ++c) z[a][c] = vec4(0);
		for (int i = 0; i < LONG_P; ++i) {
			float x[LONG_Q];
			for (int j = 0; j < LONG_Q; ++j) x[j] = pixels[at + i * pitch + j];
			for (int a = 0; a < 2; ++a) {
				int r = i - a * STRIDE;
				if (r >= 0 && r < R)
					for (int s = 0; s < S; ++s) {
						vec4 w = WEIGHT(r * S + s);
						for (int c = 0; c < 2; ++c) z[a][c] = fma(vec4(x[c * STRIDE + s]), w, z[a][c]);
					}
			}
		}
#endif
		store_unit(n, p0, up, left, k, z, bias);
		up += high;
		left += wide;
		if (left >= across) left -= across, ++up;
	}
}
