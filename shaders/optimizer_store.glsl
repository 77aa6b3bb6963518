// What a kernel has that makes gradients and updates the parameters at once: the
// parameters with their moments, the learning rates and the clock in the pool.
#include "optimizer.glsl"
#include "tensor_inout.glsl" name=w vec=VEC_W
#include "tensor_inout.glsl" name=m vec=VEC_W
#include "tensor_inout.glsl" name=v vec=VEC_W
#include "small.glsl"
#include "clock_last.glsl"
layout(location = UNIFORM_lr_at) uniform int lr_at;
layout(location = UNIFORM_steps) uniform int steps;
layout(location = UNIFORM_clock_at) uniform int clock_at;

void begin_updates() {
	int step = small[clock_at];
	begin_update(intBitsToFloat(small[lr_at + min(step, steps - 1)]), step);
}

// update_four updates parameters i to i+3, but none from left on; with VEC_W, where all
// begin and end at multiples of 4, the gradient of those is 0.
void update_four(int i, int left, vec4 g) {
	if (left <= 0) return;
	vec4 wi = load_w(i, left), mi = vec4(0), vi = vec4(0);
#if USES_M
	mi = load_m(i, left);
#endif
#if USES_V
	vi = load_v(i, left);
#endif
	update(i, g.x, wi.x, mi.x, vi.x);
	update(i + 1, g.y, wi.y, mi.y, vi.y);
	update(i + 2, g.z, wi.z, mi.z, vi.z);
	update(i + 3, g.w, wi.w, mi.w, vi.w);
	store_w(i, left, wi);
#if USES_M
	store_m(i, left, mi);
#endif
#if USES_V
	store_v(i, left, vi);
#endif
}

// update_rest updates what lies between tensors, whose gradient is 0: from i to end.
void update_rest(int i, int end) {
	for (i += 4 * int(gl_LocalInvocationIndex); i < end; i += 4 * THREADS) update_four(i, end - i, vec4(0));
}
