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

// 1 - βᵗ by repeated squaring of q = 1 - β: 1 - (1-a)(1-b) = a + b·(1-a), where
// no difference of near equals loses digits, as 1 - pow(β, t) would.
float one_minus_power(float beta, int t) {
	float q = 1.0 - beta, result = 0.0;
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
	v[iv] = beta2 * v[iv] + (1.0 - beta2) * gi * gi;
	wi -= lr * gi / (sqrt(v[iv]) + eps);
#elif KIND == 4 || KIND == 5 // Adam, AdamW
#if KIND == 5
	if (i < weights) wi -= lr * intBitsToFloat(decay_bits) * wi;
#endif
	float mi = beta1 * m[im] + (1.0 - beta1) * gi;
	float vi = beta2 * v[iv] + (1.0 - beta2) * gi * gi;
	m[im] = mi;
	v[iv] = vi;
	wi -= lr * (mi / one_minus_power(beta1, step + 1)) / (sqrt(vi / one_minus_power(beta2, step + 1)) + eps);
#else // Adadelta
	float vi = beta2 * v[iv] + (1.0 - beta2) * gi * gi;
	float delta = sqrt(m[im] + eps) / sqrt(vi + eps) * gi;
	m[im] = beta2 * m[im] + (1.0 - beta2) * delta * delta;
	v[iv] = vi;
	wi -= lr * delta;
#endif
	w[iw] = wi;
}
