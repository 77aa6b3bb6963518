// Multiplies and adds in registers only, 128 FLOP an invocation and round: the
// most arithmetic that the device does, for gpu.Backend.Peak.
#include "kernel.glsl"
layout(std430, binding = BINDING_sink) buffer sink_block { float sink[]; }; // (1)
layout(location = UNIFORM_rounds) uniform int rounds;

void main() {
	vec4 a[4];
	for (int i = 0; i < 4; ++i) a[i] = vec4(float(invocation_index() + i));
	vec4 b = vec4(0.999, 0.998, 0.997, 0.996), c = vec4(0.001);
	for (int r = 0; r < rounds; ++r)
		for (int j = 0; j < 4; ++j)
			for (int i = 0; i < 4; ++i) a[i] = a[i] * b + c;
	float s = dot(a[0] + a[1] + a[2] + a[3], vec4(1));
	if (s < 0.0) sink[base[BINDING_sink]] = s; // never, which the compiler cannot know
}
