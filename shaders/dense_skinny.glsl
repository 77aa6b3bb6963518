// A work group shares out the sums of ROWS×COLUMNS results x·wᵀ among its invocations.
#include "tensor_in.glsl" name=x vec=VEC_IN
#include "tensor_in.glsl" name=w vec=VEC_IN
layout(location = UNIFORM_N) uniform int N;
layout(location = UNIFORM_In) uniform int In;
layout(location = UNIFORM_Out) uniform int Out;

const int RESULTS = ROWS * COLUMNS;
const int PARTS = THREADS / RESULTS; // invocations that sum up one result

shared float partial[RESULTS][THREADS + 1];
shared float part[PARTS][RESULTS];

// skinny gives invocation id < RESULTS the sum of row n0 + id/COLUMNS of x with row
// o0 + id%COLUMNS of w. All must call it.
float skinny(int n0, int o0) {
	int id = int(gl_LocalInvocationIndex);
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

	float z = 0.0;
	if (id < RESULTS)
		for (int i = 0; i < PARTS; ++i) z += part[i][id];
	return z;
}
