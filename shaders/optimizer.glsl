// The update rule KIND (glyph.OptimizerKind): glyph.Backend.Optimize. The first weights
// parameters decay. precise has every kernel that updates give the same bits.
layout(location = UNIFORM_weights) uniform int weights;
layout(location = UNIFORM_rate1) uniform int rate1; // bits of μ, β₁
layout(location = UNIFORM_rate2) uniform int rate2; // bits of ρ, β₂
layout(location = UNIFORM_eps_bits) uniform int eps_bits;
layout(location = UNIFORM_decay_bits) uniform int decay_bits;
layout(location = UNIFORM_l2_bits) uniform int l2_bits;
#define USES_M (KIND == 1 || KIND == 2 || KIND >= 4)
#define USES_V (KIND >= 3)

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

float lr, unbias1, unbias2; // of the step: the learning rate, 1 - β₁ᵗ and 1 - β₂ᵗ

void begin_update(float rate, int step) {
	lr = rate;
#if KIND == 4 || KIND == 5
	unbias1 = one_minus_power(intBitsToFloat(rate1), step + 1);
	unbias2 = one_minus_power(intBitsToFloat(rate2), step + 1);
#endif
}

// update moves parameter i and its moments by the gradient.
void update(int i, float gradient, inout float wi, inout float mi, inout float vi) {
	float eps = intBitsToFloat(eps_bits), beta1 = intBitsToFloat(rate1), beta2 = intBitsToFloat(rate2);
	precise float w = wi, g = gradient, m = mi, v = vi;
	if (i < weights) g += intBitsToFloat(l2_bits) * w;
#if KIND == 0 // SGD
	w -= lr * g;
#elif KIND == 1 // Momentum
	m = beta1 * m + g;
	w -= lr * m;
#elif KIND == 2 // Nesterov
	m = beta1 * m + g;
	w -= lr * (g + beta1 * m);
#elif KIND == 3 // RMSProp
	v = decayed(beta2, v, g * g);
	w -= divide(lr * g, sqrt(v) + eps);
#elif KIND == 4 || KIND == 5 // Adam, AdamW
#if KIND == 5
	if (i < weights) w -= lr * intBitsToFloat(decay_bits) * w;
#endif
	m = decayed(beta1, m, g);
	v = decayed(beta2, v, g * g);
	w -= divide(lr * divide(m, unbias1), sqrt(divide(v, unbias2)) + eps);
#else // Adadelta
	v = decayed(beta2, v, g * g);
	precise float delta = divide(sqrt(m + eps), sqrt(v + eps)) * g;
	m = decayed(beta2, m, delta * delta);
	w -= lr * delta;
#endif
	wi = w;
	mi = m;
	vi = v;
}
