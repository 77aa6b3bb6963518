// loss[n] = -Σ_c t·log p, hits[n] and dlogits = (p - t)/N with p = softmax(logits):
// glyph.Backend.SoftmaxCrossEntropy, a sample an invocation.
#include "kernel.glsl"
layout(std430, binding = 0) writeonly buffer loss_block { float loss[]; };       // (N)
layout(std430, binding = 1) writeonly buffer hits_block { float hits[]; };       // (N)
layout(std430, binding = 2) writeonly buffer dlogits_block { float dlogits[]; }; // (N, CLASSES)
layout(std430, binding = 3) readonly buffer logits_block { float logits[]; };    // (N, CLASSES)
layout(std430, binding = 4) readonly buffer t_block { float t[]; };              // (N, CLASSES)
#include "nan.glsl"
#include "argmax.glsl" name=logits base=base[3]
#include "argmax.glsl" name=t base=base[4]
layout(location = 9) uniform int N;

void main() {
	int n = invocation_index(), row = n * CLASSES;
	if (n >= N) return; // no barrier follows
	int best = argmax_logits(row);
	float top = best < 0 ? intBitsToFloat(0x7fc00000) : logits[base[3] + row + best];

	// log p = z - max - log Σ exp(z - max): no exponential overflows.
	float sum = 0.0;
	for (int c = 0; c < CLASSES; ++c) sum += exp(logits[base[3] + row + c] - top);
#if LOSS
	float log_sum = log(sum), l = 0.0;
	for (int c = 0; c < CLASSES; ++c) {
		float p = t[base[4] + row + c];
		if (p != 0.0) l -= p * (logits[base[3] + row + c] - top - log_sum); // 0·(-Inf) is 0 here
	}
	loss[base[0] + n] = best < 0 ? top : l;
#endif
#if HITS
	hits[base[1] + n] = best >= 0 && best == argmax_t(row) ? 1.0 : 0.0;
#endif
#if DLOGITS
	for (int c = 0; c < CLASSES; ++c) {
		float p = exp(logits[base[3] + row + c] - top) / sum;
		dlogits[base[2] + row + c] = best < 0 ? top : (p - t[base[4] + row + c]) / float(N);
	}
#endif
}
