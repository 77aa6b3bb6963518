// partial[group] = (Σ x, Σ (x - mean)²) of each channel over the group's pixels, the
// mean being theirs: the first pass of glyph.Backend.BatchNorm2D.
#include "kernel.glsl"
#include "tensor_out.glsl" name=partial vec=1
#include "tensor_in.glsl" name=x vec=VEC_C
#include "batchnorm2d.glsl"
#include "batchnorm2d_moments.glsl"

const int AT_ONCE = 8; // pixels that are loaded before their mean is taken

void main() {
	int c = channel(), end = end_pixel(), stride = shares(), n = 0;
	vec4 sum = vec4(0), squares = vec4(0);
	for (int p = first_pixel(); p < end; p += AT_ONCE * stride) {
		int count = min((end - p + stride - 1) / stride, AT_ONCE);
		vec4 v[AT_ONCE], total = vec4(0), deviations = vec4(0);
		int at = p * C + c, step = stride * C, left = C - c;
		for (int j = 0; j < AT_ONCE; ++j) v[j] = load_x(at + j * step, j < count ? left : 0);
		for (int j = 0; j < AT_ONCE; ++j) total += v[j];
		vec4 mean = divide(total, vec4(count));
		for (int j = 0; j < AT_ONCE; ++j) {
			if (j >= count) break; // and no selection, which takes Intel's last registers
			vec4 d = v[j] - mean;
			deviations += d * d;
		}
		join(n, sum, squares, count, total, deviations);
	}
	join_group(share(), shares(), fours, n, sum, squares);
	if (share() > 0) return; // no barrier follows
	store_partial(partial_of(0), C - c, sum);
	store_partial(partial_of(1), C - c, squares);
}
