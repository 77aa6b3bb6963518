// average += (1 - d)·(w - average), d = min(decay, (1 + step)/(10 + step)):
// glyph.Backend.MovingAverage, an element an invocation.
#include "kernel.glsl"
layout(std430, binding = BINDING_average) buffer average_block { float average[]; };  // (n)
layout(std430, binding = BINDING_w) readonly buffer w_block { float w[]; };           // (n)
layout(std430, binding = BINDING_clock) readonly buffer clock_block { int clock[]; }; // (step, row)
layout(location = UNIFORM_n) uniform int n;
layout(location = UNIFORM_decay_bits) uniform int decay_bits;

#include "small.glsl"
#include "clock_last.glsl"

void average_element(int i) {
	// 1 - d as a maximum: near 1 a difference would lose digits.
	float share = max(1.0 - intBitsToFloat(decay_bits), divide(9.0, 10.0 + float(clock[base[BINDING_clock]])));
	int at = base[BINDING_average] + i;
	float a = average[at];
	average[at] = a + share * (w[base[BINDING_w] + i] - a);
}

void main() {
	int i = invocation_index();
	if (i < n) average_element(i);
	advance();
}
