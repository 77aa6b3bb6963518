// kept = (μ, 1/√(σ² + ε)) of each channel from the sums of the groups, and the running
// statistics moved towards them: the second pass of glyph.Backend.BatchNorm2D, four
// channels a work group.
#include "kernel.glsl"
layout(std430, binding = BINDING_kept) writeonly buffer kept_block { float kept[]; }; // (2, C)
layout(std430, binding = BINDING_mean) buffer mean_block { float mean[]; };           // (C)
layout(std430, binding = BINDING_variance) buffer variance_block { float variance[]; }; // (C)
#include "tensor_in.glsl" name=partial vec=1
#include "batchnorm2d_moments.glsl"
layout(location = UNIFORM_pixels) uniform int pixels;
layout(location = UNIFORM_C) uniform int C;
layout(location = UNIFORM_span) uniform int span; // pixels of a group
layout(location = UNIFORM_groups) uniform int groups;
layout(location = UNIFORM_eps_bits) uniform int eps_bits;
layout(location = UNIFORM_momentum_bits) uniform int momentum_bits;

void main() {
	int id = int(gl_LocalInvocationIndex), c = group_index() * 4, stride = (C + 3) / 4 * 4, n = 0;
	vec4 sum = vec4(0), squares = vec4(0);
	for (int g = id; g < groups; g += THREADS) {
		int at = g * 2 * stride + c;
		join(n, sum, squares, min(span, pixels - g * span), load_partial(at, 4), load_partial(at + stride, 4));
	}
	join_group(id, THREADS, 1, n, sum, squares);
	if (id > 0) return; // no barrier follows
	float m = float(pixels), momentum = intBitsToFloat(momentum_bits);
	for (int j = 0; j < 4; ++j) {
		if (c + j >= C) return;
		float mu = divide(sum[j], m), sigma = divide(squares[j], m); // σ²
		kept[base[BINDING_kept] + c + j] = mu;
		kept[base[BINDING_kept] + C + c + j] = divide(1.0, sqrt(sigma + intBitsToFloat(eps_bits)));
		int im = base[BINDING_mean] + c + j, iv = base[BINDING_variance] + c + j;
		float unbiased = pixels > 1 ? divide(squares[j], float(pixels - 1)) : sigma;
		mean[im] += momentum * (mu - mean[im]);
		variance[iv] += momentum * (unbiased - variance[iv]);
	}
}
