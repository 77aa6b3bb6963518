// Updates w, m and v by the rule KIND (glyph.OptimizerKind) with the gradient g
// and the learning rate of the clock's step: glyph.Backend.Optimize, a parameter
// an invocation. The first weights parameters decay.
#include "kernel.glsl"
layout(std430, binding = BINDING_w) buffer w_block { float w[]; };            // (n)
layout(std430, binding = BINDING_m) buffer m_block { float m[]; };            // (n) or none
layout(std430, binding = BINDING_v) buffer v_block { float v[]; };            // (n) or none
layout(std430, binding = BINDING_g) readonly buffer g_block { float g[]; };   // (n)
layout(std430, binding = BINDING_lr) readonly buffer lr_block { float lrs[]; }; // (steps)
layout(std430, binding = BINDING_clock) readonly buffer clock_block { int clock[]; };
layout(location = UNIFORM_n) uniform int n;
layout(location = UNIFORM_weights) uniform int weights;
layout(location = UNIFORM_steps) uniform int steps;
layout(location = UNIFORM_rate1) uniform int rate1; // bits of μ, β₁
layout(location = UNIFORM_rate2) uniform int rate2; // bits of ρ, β₂
layout(location = UNIFORM_eps_bits) uniform int eps_bits;
layout(location = UNIFORM_decay_bits) uniform int decay_bits;
layout(location = UNIFORM_l2_bits) uniform int l2_bits;

// β·a + (1-β)·b, and not b + β·(a-b), which is what a compiler makes of it for an
// instruction that interpolates: that has an error of all of b where a is small.
float decayed(float beta, float a, float b) {
	precise float sum = beta * a + (1.0 - beta) * b;
	return sum;
}

// 1 - βᵗ by repeated squaring of q = 1 - β: 1 - (1-a)(1-b) = a + b·(1-a), where
// no difference of near equals loses digits, as 1 - pow(β, t) would.
float one_minus_power(float beta, int t) {
	precise float q = 1.0 - beta, result = 0.0;
	for (; t > 0; t >>= 1) {
		if ((t & 1) != 0) result += q * (1.0 - result);
		q += q * (1.0 - q);
	}
	return result;
}

void main() {
	int i = invocation_index();
	if (i >= n) return; // no barrier follows
	int step = clock[base[BINDING_clock]];
	float lr = lrs[base[BINDING_lr] + min(step, steps - 1)], eps = intBitsToFloat(eps_bits);
	float beta1 = intBitsToFloat(rate1), beta2 = intBitsToFloat(rate2);
	int iw = base[BINDING_w] + i, im = base[BINDING_m] + i, iv = base[BINDING_v] + i;
	float wi = w[iw], gi = g[base[BINDING_g] + i];
	if (i < weights) gi += intBitsToFloat(l2_bits) * wi;
#if KIND == 0 // SGD
	wi -= lr * gi;
#elif KIND == 1 // Momentum
	m[im] = beta1 * m[im] + gi;
	wi -= lr * m[im];
#elif KIND == 2 // Nesterov
	m[im] = beta1 * m[im] + gi;
	wi -= lr * (gi + beta1 * m[im]);
#elif KIND == 3 // RMSProp
	v[iv] = decayed(beta2, v[iv], gi * gi);
	wi -= divide(lr * gi, sqrt(v[iv]) + eps);
#elif KIND == 4 || KIND == 5 // Adam, AdamW
#if KIND == 5
	if (i < weights) wi -= lr * intBitsToFloat(decay_bits) * wi;
#endif
	float mi = decayed(beta1, m[im], gi);
	float vi = decayed(beta2, v[iv], gi * gi);
	m[im] = mi;
	v[iv] = vi;
	wi -= divide(lr * divide(mi, one_minus_power(beta1, step + 1)), sqrt(divide(vi, one_minus_power(beta2, step + 1))) + eps);
#else // Adadelta
	float vi = decayed(beta2, v[iv], gi * gi);
	float delta = divide(sqrt(m[im] + eps), sqrt(vi + eps)) * gi;
	m[im] = decayed(beta2, m[im], delta * delta);
	v[iv] = vi;
	wi -= lr * delta;
#endif
	w[iw] = wi;
}
