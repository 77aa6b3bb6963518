// dbeta = Σ dz and dgamma = Σ dz·x̂ from the sums of the groups, and both as means over
// the batch for the last pass: the second of glyph.Backend.BatchNorm2DBackward, four
// channels a work group.
#include "kernel.glsl"
#include "tensor_out.glsl" name=means vec=1
layout(std430, binding = BINDING_dgamma) writeonly buffer dgamma_block { float dgamma[]; }; // (C)
layout(std430, binding = BINDING_dbeta) writeonly buffer dbeta_block { float dbeta[]; };   // (C)
#include "tensor_in.glsl" name=partial vec=1
#include "tensor_in.glsl" name=inverse vec=0
#include "batchnorm2d_pairs.glsl"
layout(location = UNIFORM_pixels) uniform int pixels;
layout(location = UNIFORM_C) uniform int C;
layout(location = UNIFORM_groups) uniform int groups;

void main() {
	int id = int(gl_LocalInvocationIndex), c = group_index() * 4, stride = (C + 3) / 4 * 4;
	vec4 plain = vec4(0), times = vec4(0);
	for (int g = id; g < groups; g += THREADS) {
		int at = g * 2 * stride + c;
		plain += load_partial(at, 4);
		times += load_partial(at + stride, 4);
	}
	sum_group(id, THREADS, 1, plain, times);
	if (id > 0) return; // no barrier follows
	times *= load_inverse(c, C - c);
	store_means(c, 4, divide(plain, vec4(pixels)));
	store_means(stride + c, 4, divide(times, vec4(pixels)));
	for (int j = 0; j < 4; ++j) {
		if (c + j >= C) return;
#if DGAMMA
		dgamma[base[BINDING_dgamma] + c + j] = times[j];
#endif
#if DBETA
		dbeta[base[BINDING_dbeta] + c + j] = plain[j];
#endif
	}
}
