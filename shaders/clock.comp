// log[step mod rows] = (Σ loss/N + penalty, Σ hits), then the clock moves to
// (step + 1, row + N): glyph.Backend.Advance, one work group.
#include "kernel.glsl"
#include "clock.glsl"
layout(std430, binding = BINDING_clock) buffer clock_block { int clock[]; };              // (step, row)
layout(std430, binding = BINDING_log) writeonly buffer log_block { float rows[]; };     // (log_rows, 2) or none
layout(std430, binding = BINDING_loss) readonly buffer loss_block { float loss[]; };     // (N)
layout(std430, binding = BINDING_hits) readonly buffer hits_block { float hits[]; };     // (N) or none
layout(std430, binding = BINDING_penalty) readonly buffer penalty_block { float penalty[]; }; // (1) or none
layout(location = UNIFORM_N) uniform int N;
layout(location = UNIFORM_log_rows) uniform int log_rows;

float sum_of(bool of_hits) {
	for (int i = int(gl_LocalInvocationIndex); i < LANES; i += THREADS) {
		float sum = 0.0;
		for (int n = i; n < N; n += LANES) {
#if HITS
			sum += of_hits ? hits[base[BINDING_hits] + n] : loss[base[BINDING_loss] + n];
#else
			sum += of_hits ? 0.0 : loss[base[BINDING_loss] + n];
#endif
		}
		lanes[i] = sum;
	}
	return sum_lanes();
}

void main() {
	float total = 0.0, right = 0.0;
#if LOG
	total = divide(sum_of(false), float(N));
	right = sum_of(true);
#endif
	if (gl_LocalInvocationIndex == 0u) {
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
