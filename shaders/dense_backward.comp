// dx = dz·w, dw = dzᵀ·x and db = Σₙ dz with dz = dy ⊙ act'(y):
// glyph.Backend.DenseBackward. The first data_tiles work groups make dx, the
// others dw and db; with DATA 0, or WEIGHTS and BIAS
// 0, all make the other. With SPLIT the sums of dw and db are cut, or where they are not
// made, those of dx.
#include "kernel.glsl"
#include "factor_dz.glsl"
#include "tile.glsl"
#include "tensor_in.glsl" name=dy vec=VEC_OUT
#include "tensor_in.glsl" name=y vec=VEC_OUT
#include "tensor_in.glsl" name=x vec=VEC_IN
#include "tensor_in.glsl" name=w vec=VEC_IN
#include "activation.glsl"
layout(location = UNIFORM_N) uniform int N;
layout(location = UNIFORM_In) uniform int In;
layout(location = UNIFORM_Out) uniform int Out;
layout(location = UNIFORM_data_tiles) uniform int data_tiles;

vec4 nothing(int n) { return vec4(0); }

#include "split.glsl"
#define SPLIT_DATA (SPLIT && !(WEIGHTS || BIAS))

#if DATA
#include "tensor_out.glsl" name=dx vec=VEC_IN
#include "dense_backward_data.glsl" take=store_dx
#endif
#if WEIGHTS || BIAS
#include "dense_backward_weights.glsl"
#endif

void main() {
	int group = group_index();
#if DATA && (WEIGHTS || BIAS)
	if (group < data_tiles) data_tile(group);
	else weights_tile(group - data_tiles);
#elif DATA
	data_tile(group);
#else
	weights_tile(group);
#endif
}
