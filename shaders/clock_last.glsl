// advance() is glyph.Backend.Advance in the last dispatch of a step: the work group
// that is the last to be done does it. Nobody reads the clock any more then. What it
// needs lies in the pool, at the places given; 0 is nowhere. All invocations must call it.
#if ADVANCE
#include "clock.glsl"
layout(location = UNIFORM_samples) uniform int samples;
layout(location = UNIFORM_log_at) uniform int log_at;
layout(location = UNIFORM_log_rows) uniform int log_rows;
layout(location = UNIFORM_loss_at) uniform int loss_at;
layout(location = UNIFORM_hits_at) uniform int hits_at;
layout(location = UNIFORM_penalty_at) uniform int penalty_at;
layout(location = UNIFORM_moved_at) uniform int moved_at; // the clock
layout(location = UNIFORM_all_groups) uniform int all_groups;
shared int is_last; // 1 where true

float sum_small(int at) {
	for (int i = int(gl_LocalInvocationIndex); i < LANES; i += THREADS) {
		float sum = 0.0;
		for (int n = i; n < samples && at != 0; n += LANES) sum += intBitsToFloat(small[at + n]);
		lanes[i] = sum;
	}
	return sum_lanes();
}

void advance() {
	memoryBarrierBuffer();
	barrier();
	if (gl_LocalInvocationIndex == 0u) {
		memoryBarrierBuffer();
		is_last = atomicAdd(small[0], 1) == all_groups - 1 ? 1 : 0;
		if (is_last == 1) small[0] = 0;
	}
	memoryBarrierShared();
	barrier();
	if (is_last == 0) return; // no barrier of the others follows
	float total = 0.0, right = 0.0;
	if (log_at != 0) {
		total = divide(sum_small(loss_at), float(samples));
		right = sum_small(hits_at);
	}
	if (gl_LocalInvocationIndex == 0u) {
		int step = small[moved_at];
		if (log_at != 0) {
			int row = log_at + 2 * int(uint(step) % uint(log_rows));
			if (penalty_at != 0) total += intBitsToFloat(small[penalty_at]);
			small[row] = floatBitsToInt(total);
			small[row + 1] = floatBitsToInt(right);
		}
		small[moved_at] = step + 1;
		small[moved_at + 1] += samples;
	}
}
#else
void advance() {}
#endif
