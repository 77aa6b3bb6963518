// dropped is elements i to i+3, i a multiple of 4, after glyph.Backend.Dropout.
#include "philox.glsl"
layout(location = UNIFORM_key_low) uniform int key_low;
layout(location = UNIFORM_key_high) uniform int key_high;
layout(location = UNIFORM_id) uniform int id;
layout(location = UNIFORM_threshold) uniform int threshold;
layout(location = UNIFORM_scale_bits) uniform int scale_bits;
layout(location = UNIFORM_stream) uniform int stream;

vec4 dropped(int i, int step, vec4 v) {
	uvec4 words = philox(uvec4(i / 4, step, id, stream), uvec2(key_low, key_high));
	return mix(vec4(0), v * intBitsToFloat(scale_bits), greaterThanEqual(words, uvec4(threshold)));
}
