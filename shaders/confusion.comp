// counts[label, prediction] += 1 with the greatest class of t and of logits:
// glyph.Backend.Confusion, a sample an invocation. Integers add up to the same
// in any order.
#include "kernel.glsl"
layout(std430, binding = BINDING_counts) buffer counts_block { int counts[]; };            // (CLASSES·CLASSES)
layout(std430, binding = BINDING_logits) readonly buffer logits_block { float logits[]; }; // (N, CLASSES)
layout(std430, binding = BINDING_t) readonly buffer t_block { float t[]; };           // (N, CLASSES)
float logits_of(int n, int c) { return logits[base[BINDING_logits] + n * CLASSES + c]; }
float t_of(int n, int c) { return t[base[BINDING_t] + n * CLASSES + c]; }
#include "nan.glsl"
#include "argmax.glsl" name=logits
#include "argmax.glsl" name=t
layout(location = UNIFORM_N) uniform int N;

void main() {
	int n = invocation_index();
	if (n >= N) return; // no barrier follows
	int label = argmax_t(n), prediction = argmax_logits(n);
	if (label >= 0 && prediction >= 0) atomicAdd(counts[base[BINDING_counts] + label * CLASSES + prediction], 1);
}
