// dx = gamma·inverse·(dz - dbeta/m - x̂·dgamma/m): the last pass of
// glyph.Backend.BatchNorm2DBackward.
#include "kernel.glsl"
#include "tensor_out.glsl" name=dx vec=VEC_C
#include "tensor_in.glsl" name=dy vec=VEC_C
#include "tensor_in.glsl" name=y vec=VEC_C
#include "tensor_in.glsl" name=x vec=VEC_C
#include "tensor_in.glsl" name=gamma vec=VEC_C
#include "tensor_in.glsl" name=mean vec=VEC_C
#include "tensor_in.glsl" name=inverse vec=VEC_C
#include "tensor_in.glsl" name=means vec=1
#include "batchnorm2d.glsl"
#include "activation.glsl"
#include "dz.glsl"

void main() {
	int c = channel(), left = C - c, end = end_pixel(), stride = shares();
	vec4 mean = load_mean(c, left), inverse = load_inverse(c, left), factor = load_gamma(c, left) * inverse;
	vec4 constant = load_means(c, left), slope = load_means((C + 3) / 4 * 4 + c, left) * inverse;
	for (int p = first_pixel(); p < end; p += stride) {
		int at = p * C + c;
		store_dx(at, left, factor * (load_dz(at, left) - constant - (load_x(at, left) - mean) * slope));
	}
}
