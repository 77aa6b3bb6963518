// y[i] = x[i]·scale where word i mod 4 of Philox({i/4, step, id, stream}, seed) is
// at least the threshold, else 0: glyph.Backend.Dropout, a block an invocation.
#include "kernel.glsl"
#include "tensor_out.glsl" name=y vec=VEC
#include "tensor_in.glsl" name=x vec=VEC
layout(std430, binding = BINDING_clock) readonly buffer clock_block { int clock[]; }; // (ClockLen)
#include "philox.glsl"
layout(location = UNIFORM_n) uniform int n;
layout(location = UNIFORM_key_low) uniform int key_low;
layout(location = UNIFORM_key_high) uniform int key_high;
layout(location = UNIFORM_id) uniform int id;
layout(location = UNIFORM_threshold) uniform int threshold;
layout(location = UNIFORM_scale_bits) uniform int scale_bits;
layout(location = UNIFORM_stream) uniform int stream;

void main() {
	int i = 4 * invocation_index();
	if (i >= n) return; // no barrier follows
	uvec4 words = philox(uvec4(i / 4, clock[base[BINDING_clock]], id, stream), uvec2(key_low, key_high));
	vec4 v = load_x(i, n - i) * intBitsToFloat(scale_bits);
	store_y(i, n - i, mix(vec4(0), v, greaterThanEqual(words, uvec4(threshold))));
}
