// dw and db of conv2d_backward_weights.comp for one channel. GATHER is as in conv2d_first.comp.
#include "kernel.glsl"
#include "tensor_out.glsl" name=dw vec=VEC_W
#include "tensor_out.glsl" name=db vec=0
#include "tensor_in.glsl" name=dy vec=1
#include "tensor_in.glsl" name=y vec=1
#include "activation.glsl"
layout(location = UNIFORM_clock_at) uniform int clock_at; // of Gather
#include "conv2d_first.glsl"

void take_dw(int i, int left, vec4 v) {
#if WEIGHTS
	store_dw(i, left, v);
#endif
}

void take_db(int k, int left, vec4 v) {
#if BIAS
	store_db(k, left, v);
#endif
}

#include "conv2d_first_sums.glsl"

void main() { add_up(); }
