// sums[group] = factor·Σ of the group's part of w², or with SQUARE 0 of w:
// glyph.Backend.L2, once over the weights and once over the sums of the groups.
#include "kernel.glsl"
#include "sum_group.glsl"
layout(std430, binding = BINDING_sums) writeonly buffer sums_block { float sums[]; }; // (groups)
layout(std430, binding = BINDING_w) readonly buffer w_block { float w[]; };       // (n)
layout(location = UNIFORM_n) uniform int n;
layout(location = UNIFORM_groups) uniform int groups;
layout(location = UNIFORM_factor_bits) uniform int factor_bits;

void main() {
	float sum = 0.0;
	for (int i = invocation_index(); i < n; i += groups * THREADS) {
		float v = w[base[BINDING_w] + i];
#if SQUARE
		sum += v * v;
#else
		sum += v;
#endif
	}
	sum = sum_group(sum);
	if (gl_LocalInvocationIndex == 0u) sums[base[BINDING_sums] + group_index()] = intBitsToFloat(factor_bits) * sum;
}
