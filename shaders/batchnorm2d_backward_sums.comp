// partial[group] = (Σ dz, Σ dz·(x - mean)) of each channel over the group's pixels:
// the first pass of glyph.Backend.BatchNorm2DBackward.
#include "kernel.glsl"
#include "tensor_out.glsl" name=partial vec=1
#include "tensor_in.glsl" name=dy vec=VEC_C
#include "tensor_in.glsl" name=y vec=VEC_C
#include "tensor_in.glsl" name=x vec=VEC_C
#include "tensor_in.glsl" name=mean vec=VEC_C
#include "batchnorm2d.glsl"
#include "batchnorm2d_pairs.glsl"
#include "activation.glsl"
#include "dz.glsl"

void main() {
	int c = channel(), left = C - c, end = end_pixel(), stride = shares();
	vec4 mean = load_mean(c, left), plain = vec4(0), times = vec4(0);
	for (int p = first_pixel(); p < end; p += stride) {
		int at = p * C + c;
		vec4 dz = load_dz(at, left);
		plain += dz;
		times += dz * (load_x(at, left) - mean);
	}
	sum_group(share(), shares(), fours, plain, times);
	if (share() > 0) return; // no barrier follows
	store_partial(partial_of(0), left, plain);
	store_partial(partial_of(1), left, times);
}
