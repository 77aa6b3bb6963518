// x[i] = (pixels of image j - mean)·scale and t[i] = the smoothed label of image j,
// j = order[(row + i) mod orders]: glyph.Backend.Gather, four pixels an invocation.
#include "kernel.glsl"
#include "batch.glsl"

void pixels(int index) {
	int fours = (Pixels + 3) / 4, i = index / fours, k = index % fours * 4;
	if (i >= N) return;
	uint at = first_byte(i) + uint(k);
#if VEC
	vec4 v = vec4((uvec4(images[at >> 2]) >> uvec4(0, 8, 16, 24)) & 255u);
#else
	vec4 v = vec4(0);
	for (int j = 0; j < 4; ++j)
		if (k + j < Pixels) v[j] = float(byte_of(images[(at + uint(j)) >> 2], at + uint(j)));
#endif
	store_x(i * Pixels + k, Pixels - k, normalised(v, k, Pixels - k));
}

void main() { // no barriers
	int group = group_index(), id = int(gl_LocalInvocationIndex);
	if (group < x_groups) pixels(group * THREADS + id);
	else targets((group - x_groups) * THREADS + id);
}
