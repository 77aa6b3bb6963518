// dw = dzᵀ·x and db = Σₙ dz with dz = dy ⊙ act'(y), as a product for gemm.glsl.
// With SPLIT the sum over n is cut every split_length samples.
#include "tensor_out.glsl" name=dw vec=VEC_IN
#include "tensor_out.glsl" name=db vec=0
#include "rows.glsl" name=columns_dz tensor=dy vec=VEC_OUT dz=1 y=y outer=N inner=Out along_k=0
#include "rows.glsl" name=rows_x tensor=x vec=VEC_IN dz=0 y=none outer=N inner=In along_k=0

void result_dw(int o, int i, vec4 v, vec4 none) {
#if WEIGHTS
	store_dw(o * In + i, o < Out ? In - i : 0, v);
#endif
}

void result_db(int o, vec4 v) {
#if BIAS
	store_db(o, Out - o, v);
#endif
}

#include "gemm.glsl" name=weights a=columns_dz a_along_k=0 b=rows_x b_along_k=0 column=nothing c=result_dw with_sums=1 sums=result_db split=SPLIT

void weights_tile(int group) {
	ivec2 at = find_tile(group, Out, In), n = part_of(N);
	weights(at.x, at.y, n.x, n.y);
}
