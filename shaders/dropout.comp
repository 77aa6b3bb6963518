// y[i] = x[i]·scale where word i mod 4 of Philox({i/4, step, id, stream}, seed) is
// at least the threshold, else 0: glyph.Backend.Dropout, a block an invocation.
#include "kernel.glsl"
#include "tensor_out.glsl" name=y vec=VEC
#include "tensor_in.glsl" name=x vec=VEC
#include "dropped.glsl"
layout(location = UNIFORM_n) uniform int n;

void main() {
	int i = 4 * invocation_index();
	if (i >= n) return; // no barrier follows
	store_y(i, n - i, dropped_now(i, load_x(i, n - i)));
}
