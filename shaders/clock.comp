// log[step mod rows] = (Σ loss/N + penalty, Σ hits), then the clock moves to
// (step + 1, row + N): glyph.Backend.Advance, one work group.
#include "kernel.glsl"
#include "sum_group.glsl"
layout(std430, binding = 0) buffer clock_block { int clock[]; };              // (step, row)
layout(std430, binding = 1) writeonly buffer log_block { float rows[]; };     // (log_rows, 2) or none
layout(std430, binding = 2) readonly buffer loss_block { float loss[]; };     // (N)
layout(std430, binding = 3) readonly buffer hits_block { float hits[]; };     // (N) or none
layout(std430, binding = 4) readonly buffer penalty_block { float penalty[]; }; // (1) or none
layout(location = 9) uniform int N;
layout(location = 10) uniform int log_rows;

void main() {
	int id = int(gl_LocalInvocationIndex);
	float total = 0.0, right = 0.0;
#if LOG
	for (int n = id; n < N; n += THREADS) {
		total += loss[base[2] + n];
#if HITS
		right += hits[base[3] + n];
#endif
	}
	total = sum_group(total) / float(N);
	right = sum_group(right);
#endif
	if (id == 0) {
		int step = clock[base[0]];
#if LOG
		int row = base[1] + 2 * int(uint(step) % uint(log_rows));
#if PENALTY
		total += penalty[base[4]];
#endif
		rows[row] = total;
		rows[row + 1] = right;
#endif
		clock[base[0]] = step + 1;
		clock[base[0] + 1] += N;
	}
}
