// loss[n] = -Σ_c t·log p, hits[n] and dlogits = (p - t)/N with p = softmax(logits):
// glyph.Backend.SoftmaxCrossEntropy, a sample an invocation.
#include "kernel.glsl"
layout(std430, binding = BINDING_loss) writeonly buffer loss_block { float loss[]; };       // (N)
layout(std430, binding = BINDING_hits) writeonly buffer hits_block { float hits[]; };       // (N)
layout(std430, binding = BINDING_dlogits) writeonly buffer dlogits_block { float dlogits[]; }; // (N, CLASSES)
layout(std430, binding = BINDING_logits) readonly buffer logits_block { float logits[]; };    // (N, CLASSES)
layout(std430, binding = BINDING_t) readonly buffer t_block { float t[]; };              // (N, CLASSES)
layout(location = UNIFORM_N) uniform int N;

float logits_of(int n, int c) { return logits[base[BINDING_logits] + n * CLASSES + c]; }
float t_of(int n, int c) { return t[base[BINDING_t] + n * CLASSES + c]; }
void take_loss(int n, float v) { loss[base[BINDING_loss] + n] = v; }
void take_hits(int n, float v) { hits[base[BINDING_hits] + n] = v; }
void take_dlogits(int n, int c, float v) { dlogits[base[BINDING_dlogits] + n * CLASSES + c] = v; }
#include "softmax.glsl"

void main() {
	int n = invocation_index();
	if (n < N) softmax(n, N);
}
