// y = act(x·wᵀ + b) for results too few to fill the device with tiles: a work
// group shares out the sum of ROWS×COLUMNS results among its invocations.
#include "kernel.glsl"
#pragma optionNV (unroll all) // so that register arrays are indexed by constants
#include "tensor_out.glsl" name=y vec=0
#include "tensor_in.glsl" name=x vec=VEC_IN
#include "tensor_in.glsl" name=w vec=VEC_IN
#include "tensor_in.glsl" name=b vec=0
#include "activation.glsl"
layout(location = UNIFORM_N) uniform int N;
layout(location = UNIFORM_In) uniform int In;
layout(location = UNIFORM_Out) uniform int Out;

const int RESULTS = ROWS * COLUMNS;
const int PARTS = THREADS / RESULTS; // invocations that sum up one result

shared float partial[RESULTS][THREADS + 1];
shared float part[PARTS][RESULTS];

void main() {
	int columns = (Out + COLUMNS - 1) / COLUMNS, tile = group_index(), id = int(gl_LocalInvocationIndex);
	int n0 = tile / columns * ROWS, o0 = tile % columns * COLUMNS;

	float sum[ROWS][COLUMNS];
	for (int r = 0; r < ROWS; ++r)
		for (int c = 0; c < COLUMNS; ++c) sum[r][c] = 0.0;
	for (int i = 4 * id; i < In; i += 4 * THREADS) {
		vec4 wi[COLUMNS];
		for (int c = 0; c < COLUMNS; ++c) wi[c] = load_w((o0 + c) * In + i, o0 + c < Out ? In - i : 0);
		for (int r = 0; r < ROWS; ++r) {
			vec4 xi = load_x((n0 + r) * In + i, n0 + r < N ? In - i : 0);
			for (int c = 0; c < COLUMNS; ++c) sum[r][c] += dot(xi, wi[c]);
		}
	}
	for (int r = 0; r < ROWS; ++r)
		for (int c = 0; c < COLUMNS; ++c) partial[r * COLUMNS + c][id] = sum[r][c];
	memoryBarrierShared();
	barrier();

	int result = id % RESULTS;
	float s = 0.0;
	for (int i = 0; i < RESULTS; ++i) s += partial[result][id / RESULTS * RESULTS + i];
	part[id / RESULTS][result] = s;
	memoryBarrierShared();
	barrier();

	int n = n0 + id / COLUMNS, o = o0 + id % COLUMNS;
	if (id < RESULTS && n < N && o < Out) {
		float z = 0.0;
		for (int i = 0; i < PARTS; ++i) z += part[i][id];
#if BIAS
		z += b[base[BINDING_b] + o];
#endif
		y[base[BINDING_y] + n * Out + o] = activate(z);
	}
}
