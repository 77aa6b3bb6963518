// What gathering kernels have in common: their buffers, where images and labels
// are, and t[i] = the smoothed label of image j, j = order[(row + i) mod orders].
// The first x_groups work groups write x, the others t.
#include "tensor_out.glsl" name=x vec=VEC
layout(std430, binding = BINDING_t) writeonly buffer t_block { float t[]; };      // (N, Classes)
layout(std430, binding = BINDING_images) readonly buffer images_block { uint images[]; }; // bytes (Len, Pixels)
layout(std430, binding = BINDING_labels) readonly buffer labels_block { uint labels[]; }; // bytes (Len)
#include "tensor_in.glsl" name=mean vec=VEC_MEAN
#include "tensor_in.glsl" name=scale vec=VEC_MEAN
layout(std430, binding = BINDING_order) readonly buffer order_block { int order[]; };
layout(std430, binding = BINDING_clock) readonly buffer clock_block { int clock[]; }; // (step, row)
layout(location = UNIFORM_N) uniform int N;
layout(location = UNIFORM_Pixels) uniform int Pixels;
layout(location = UNIFORM_Classes) uniform int Classes;
layout(location = UNIFORM_orders) uniform int orders;
layout(location = UNIFORM_x_groups) uniform int x_groups;
layout(location = UNIFORM_on_bits) uniform int on_bits;  // t of the label
layout(location = UNIFORM_off_bits) uniform int off_bits; // t of the others

int image_of(int i) {
	return order[base[BINDING_order] + int(uint(clock[base[BINDING_clock] + 1] + i) % uint(orders))];
}
#include "byte.glsl"
uint first_byte(int i) { return uint(image_of(i)) * uint(Pixels); }

// normalised is pixels k to k+3 of an image, of which there are left. precise has every
// kernel that gathers give the same bits.
vec4 normalised(vec4 v, int k, int left) {
#if PER_PIXEL
	vec4 m = load_mean(k, left), s = load_scale(k, left);
#else
	vec4 m = load_mean(0, 1).xxxx, s = load_scale(0, 1).xxxx;
#endif
	precise vec4 x = (v - m) * s;
	return x;
}

void targets(int index) {
	int i = index / Classes, c = index % Classes;
	if (i >= N) return;
	int j = image_of(i);
	bool on = uint(c) == byte_of(labels[j >> 2], uint(j));
	t[base[BINDING_t] + index] = intBitsToFloat(on ? on_bits : off_bits);
}
