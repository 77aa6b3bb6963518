// loss[n] = -Σ_c t·log p, hits[n] and dlogits = (p - t)/N with p = softmax(logits):
// glyph.Backend.SoftmaxCrossEntropy, a sample an invocation.
#include "kernel.glsl"
layout(std430, binding = BINDING_loss) writeonly buffer loss_block { float loss[]; };       // (N)
layout(std430, binding = BINDING_hits) writeonly buffer hits_block { float hits[]; };       // (N)
layout(std430, binding = BINDING_dlogits) writeonly buffer dlogits_block { float dlogits[]; }; // (N, CLASSES)
layout(std430, binding = BINDING_logits) readonly buffer logits_block { float logits[]; };    // (N, CLASSES)
layout(std430, binding = BINDING_t) readonly buffer t_block { float t[]; };              // (N, CLASSES)
#include "nan.glsl"
#include "argmax.glsl" name=logits
#include "argmax.glsl" name=t
layout(location = UNIFORM_N) uniform int N;

void main() {
	int n = invocation_index(), row = n * CLASSES;
	if (n >= N) return; // no barrier follows
	int best = argmax_logits(row);
	float top = best < 0 ? NAN : logits[base[BINDING_logits] + row + best];
	bool finite = is_finite(top); // as it is unless a logit is NaN or Inf, or all are -Inf

	// log p = z - max - log Σ exp(z - max): no exponential overflows.
	float sum = 0.0;
	for (int c = 0; c < CLASSES; ++c) sum += exp(logits[base[BINDING_logits] + row + c] - top);
#if LOSS
	float log_sum = log(sum), l = 0.0;
	for (int c = 0; c < CLASSES; ++c) {
		float p = t[base[BINDING_t] + row + c];
		if (!is_zero(p)) l -= p * (logits[base[BINDING_logits] + row + c] - top - log_sum); // 0·(-Inf) is 0 here
	}
	loss[base[BINDING_loss] + n] = finite ? l : NAN;
#endif
#if HITS
	hits[base[BINDING_hits] + n] = best >= 0 && best == argmax_t(row) ? 1.0 : 0.0;
#endif
#if DLOGITS
	for (int c = 0; c < CLASSES; ++c) {
		float p = divide(exp(logits[base[BINDING_logits] + row + c] - top), sum);
		dlogits[base[BINDING_dlogits] + row + c] = finite ? divide(p - t[base[BINDING_t] + row + c], float(N)) : NAN;
	}
#endif
}
