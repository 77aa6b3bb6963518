// dw[i] = Σ_s partial[s, i] and db[i] = Σ_s partial[s, Weights + i], the splits of
// a weight gradient added up in a fixed order: SLICES invocations take every
// SLICES-th split each, then their sums are added.
#include "kernel.glsl"
layout(std430, binding = 0) writeonly buffer dw_block { float dw[]; };        // (Weights)
layout(std430, binding = 1) writeonly buffer db_block { float db[]; };        // (Biases) or none
layout(std430, binding = 2) readonly buffer partial_block { float partial[]; }; // (splits, stride)
layout(location = 9) uniform int Weights;
layout(location = 10) uniform int Biases;
layout(location = 11) uniform int splits;
layout(location = 12) uniform int stride;

const int SLICES = 8;
const int WIDTH = THREADS / SLICES;
shared float slice[SLICES][WIDTH];

void main() {
	int id = int(gl_LocalInvocationIndex), column = id % WIDTH, i = group_index() * WIDTH + column;
	float sum = 0.0;
	if (i < Weights + Biases)
		for (int s = id / WIDTH; s < splits; s += SLICES) sum += partial[base[2] + s * stride + i];
	slice[id / WIDTH][column] = sum;
	memoryBarrierShared();
	barrier();
	if (id < WIDTH && i < Weights + Biases) {
		float total = 0.0;
		for (int s = 0; s < SLICES; ++s) total += slice[s][id];
		if (i < Weights) dw[base[0] + i] = total;
		else db[base[1] + i - Weights] = total;
	}
}
