// Updates w, m and v by the rule KIND with the gradient g and the learning rate of the
// clock's step: glyph.Backend.Optimize, a parameter an invocation.
#include "kernel.glsl"
#include "optimizer.glsl"
layout(std430, binding = BINDING_w) buffer w_block { float w[]; };            // (n)
layout(std430, binding = BINDING_m) buffer m_block { float m[]; };            // (n) or none
layout(std430, binding = BINDING_v) buffer v_block { float v[]; };            // (n) or none
layout(std430, binding = BINDING_g) readonly buffer g_block { float g[]; };   // (n)
layout(std430, binding = BINDING_lr) readonly buffer lr_block { float lrs[]; }; // (steps)
layout(std430, binding = BINDING_clock) readonly buffer clock_block { int clock[]; };
layout(location = UNIFORM_n) uniform int n;
layout(location = UNIFORM_steps) uniform int steps;
#include "small.glsl"
#include "clock_last.glsl"

void update_element(int i) {
	int step = clock[base[BINDING_clock]];
	begin_update(lrs[base[BINDING_lr] + min(step, steps - 1)], step);
	int iw = base[BINDING_w] + i, im = base[BINDING_m] + i, iv = base[BINDING_v] + i;
	float wi = w[iw], mi = 0.0, vi = 0.0;
#if USES_M
	mi = m[im];
#endif
#if USES_V
	vi = v[iv];
#endif
	update(i, g[base[BINDING_g] + i], wi, mi, vi);
	w[iw] = wi;
#if USES_M
	m[im] = mi;
#endif
#if USES_V
	v[iv] = vi;
#endif
}

void main() {
	int i = invocation_index();
	if (i < n) update_element(i);
	advance();
}
