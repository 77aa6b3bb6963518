// y[i] = x[i]·scale where word i mod 4 of Philox({i/4, step, id, stream}, seed) is
// at least the threshold, else 0: glyph.Backend.Dropout, a block an invocation.
#include "kernel.glsl"
#include "tensor_out.glsl" name=y binding=0 vec=VEC
#include "tensor_in.glsl" name=x binding=1 vec=VEC
layout(std430, binding = 2) readonly buffer clock_block { int clock[]; }; // (ClockLen)
#include "philox.glsl"
layout(location = 9) uniform int n;
layout(location = 10) uniform int key_low;
layout(location = 11) uniform int key_high;
layout(location = 12) uniform int id;
layout(location = 13) uniform int threshold;
layout(location = 14) uniform int scale_bits;
layout(location = 15) uniform int stream;

void main() {
	int i = 4 * invocation_index();
	if (i >= n) return; // no barrier follows
	uvec4 words = philox(uvec4(i / 4, clock[base[2]], id, stream), uvec2(key_low, key_high));
	vec4 v = load_x(i, n - i) * intBitsToFloat(scale_bits);
	store_y(i, n - i, mix(vec4(0), v, greaterThanEqual(words, uvec4(threshold))));
}
