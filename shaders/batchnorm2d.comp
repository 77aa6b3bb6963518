// y = act(gamma·(x - mean)·inverse + beta): the last pass of glyph.Backend.BatchNorm2D,
// which keeps the inverse, and glyph.Backend.BatchNorm2DInference, whose inverse is
// 1/√(spread + ε).
#include "kernel.glsl"
#include "tensor_out.glsl" name=y vec=VEC_C
#include "tensor_in.glsl" name=x vec=VEC_C
#include "tensor_in.glsl" name=gamma vec=VEC_C
#include "tensor_in.glsl" name=beta vec=VEC_C
#include "tensor_in.glsl" name=mean vec=VEC_C
#include "tensor_in.glsl" name=spread vec=VEC_C
#include "batchnorm2d.glsl"
#include "activation.glsl"
layout(location = UNIFORM_eps_bits) uniform int eps_bits;

void main() {
	int c = channel(), left = C - c, end = end_pixel(), stride = shares();
	vec4 inverse = load_spread(c, left);
#if !INVERTED
	inverse = divide(vec4(1), sqrt(inverse + intBitsToFloat(eps_bits)));
#endif
	vec4 mean = load_mean(c, left), factor = load_gamma(c, left) * inverse, shift = load_beta(c, left);
	for (int p = first_pixel(); p < end; p += stride) {
		int at = p * C + c;
		store_y(at, left, activate(factor * (load_x(at, left) - mean) + shift));
	}
}
