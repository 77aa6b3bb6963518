// y = act(x·wᵀ + b) for results too few to fill the device with tiles. With DROP it applies
// Dropout to y, which is stored with KEEP_Y.
#include "kernel.glsl"
#pragma optionNV (unroll all) // so that register arrays are indexed by constants
#include "tensor_out.glsl" name=drops vec=0
#include "tensor_out.glsl" name=y vec=0
#include "tensor_in.glsl" name=b vec=0
#include "activation.glsl"
#include "dropped.glsl"
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
		int i = n * Out + o;
		float v = activate(z);
#if KEEP_Y
		y[base[BINDING_y] + i] = v;
#endif
#if DROP
		drops[base[BINDING_drops] + i] = dropped_now(i / 4 * 4, vec4(v))[i % 4];
#endif
	}
}
