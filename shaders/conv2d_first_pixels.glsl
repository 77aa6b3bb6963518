// The images x of conv2d_first.glsl: begin_image(n) makes n the one whose elements pixel(i)
// gives. With GATHER they are those of glyph.Backend.Gather, which makes them of bytes; what
// else that reads lies in the pool. With GATHER 2 a pixel has a mean and scale of its own.
#if GATHER
#include "byte.glsl"
#include "small.glsl"
layout(std430, binding = BINDING_x) readonly buffer x_block { uint images[]; }; // bytes (Len, H, W)
layout(location = UNIFORM_order_at) uniform int order_at;
layout(location = UNIFORM_orders) uniform int orders;
layout(location = UNIFORM_mean_at) uniform int mean_at;
layout(location = UNIFORM_scale_at) uniform int scale_at;

int image_of(int n) { return small[order_at + int(uint(small[clock_at + 1] + n) % uint(orders))]; }

uint first_pixel;
float mean, scale;

void begin_image(int n) {
	first_pixel = uint(image_of(n)) * uint(H * W);
	mean = intBitsToFloat(small[mean_at]);
	scale = intBitsToFloat(small[scale_at]);
}

float pixel(int i) {
	uint at = first_pixel + uint(i);
	float v = float(byte_of(images[at >> 2], at));
#if GATHER == 2
	precise float x = (v - intBitsToFloat(small[mean_at + i])) * intBitsToFloat(small[scale_at + i]);
#else
	precise float x = (v - mean) * scale;
#endif
	return x;
}
#else
#include "tensor_in.glsl" name=x vec=0
int first_pixel;

void begin_image(int n) { first_pixel = n * H * W; }
float pixel(int i) { return one_x(first_pixel + i); }
#endif

// pixel_at is the element in row h and column w, 0 in the border.
float pixel_at(int h, int w) {
	bool there = uint(h) < uint(H) && uint(w) < uint(W);
	float v = pixel(there ? h * W + w : 0);
	return there ? v : 0.0;
}
