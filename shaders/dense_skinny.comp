// y = act(x·wᵀ + b) for results too few to fill the device with tiles.
#include "kernel.glsl"
#pragma optionNV (unroll all) // so that register arrays are indexed by constants
#include "tensor_out.glsl" name=y vec=0
#include "tensor_in.glsl" name=b vec=0
#include "activation.glsl"
#include "dense_skinny.glsl"

void main() {
	int columns = (Out + COLUMNS - 1) / COLUMNS, tile = group_index(), id = int(gl_LocalInvocationIndex);
	int n0 = tile / columns * ROWS, o0 = tile % columns * COLUMNS;
	float z = skinny(n0, o0);
	int n = n0 + id / COLUMNS, o = o0 + id % COLUMNS;
	if (id < RESULTS && n < N && o < Out) {
#if BIAS
		z += b[base[BINDING_b] + o];
#endif
		y[base[BINDING_y] + n * Out + o] = activate(z);
	}
}
