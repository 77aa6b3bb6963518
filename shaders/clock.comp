// log[step mod rows] = (Σ loss/N + penalty, Σ hits), then the clock moves to
// (step + 1, row + N): glyph.Backend.Advance, one work group.
#include "kernel.glsl"
#include "sum_group.glsl"
layout(std430, binding = BINDING_clock) buffer clock_block { int clock[]; };              // (step, row)
layout(std430, binding = BINDING_log) writeonly buffer log_block { float rows[]; };     // (log_rows, 2) or none
layout(std430, binding = BINDING_loss) readonly buffer loss_block { float loss[]; };     // (N)
layout(std430, binding = BINDING_hits) readonly buffer hits_block { float hits[]; };     // (N) or none
layout(std430, binding = BINDING_penalty) readonly buffer penalty_block { float penalty[]; }; // (1) or none
layout(location = UNIFORM_N) uniform int N;
layout(location = UNIFORM_log_rows) uniform int log_rows;

void main() {
	int id = int(gl_LocalInvocationIndex);
	float total = 0.0, right = 0.0;
#if LOG
	for (int n = id; n < N; n += THREADS) {
		total += loss[base[BINDING_loss] + n];
#if HITS
		right += hits[base[BINDING_hits] + n];
#endif
	}
	total = divide(sum_group(total), float(N));
	right = sum_group(right);
#endif
	if (id == 0) {
		int step = clock[base[BINDING_clock]];
#if LOG
		int row = base[BINDING_log] + 2 * int(uint(step) % uint(log_rows));
#if PENALTY
		total += penalty[base[BINDING_penalty]];
#endif
		rows[row] = total;
		rows[row + 1] = right;
#endif
		clock[base[BINDING_clock]] = step + 1;
		clock[base[BINDING_clock] + 1] += N;
	}
}
