// y = act(x·wᵀ + b): glyph.Backend.Dense. With DROP it applies Dropout to y, which is stored
// with KEEP_Y. With SPLIT the sums are cut every split_length inputs.
#include "kernel.glsl"
#include "tile.glsl"
#include "tensor_out.glsl" name=drops vec=VEC_OUT
#include "tensor_out.glsl" name=y vec=VEC_OUT
#include "tensor_in.glsl" name=x vec=VEC_IN
#include "tensor_in.glsl" name=w vec=VEC_IN
#include "tensor_in.glsl" name=b vec=VEC_OUT
#include "activation.glsl"
#include "dropped.glsl"
layout(location = UNIFORM_N) uniform int N;
layout(location = UNIFORM_In) uniform int In;
layout(location = UNIFORM_Out) uniform int Out;

#include "rows.glsl" name=rows_x tensor=x vec=VEC_IN dz=0 y=none outer=N inner=In along_k=1
#include "rows.glsl" name=rows_w tensor=w vec=VEC_IN dz=0 y=none outer=Out inner=In along_k=1

vec4 bias(int o) {
#if BIAS
	return load_b(o, Out - o);
#else
	return vec4(0);
#endif
}

void result(int n, int o, vec4 z, vec4 b) {
#if BIAS
	z += b;
#endif
	int at = n * Out + o, left = n < N ? Out - o : 0;
	vec4 v = activate(z);
#if KEEP_Y
	store_y(at, left, v);
#endif
#if DROP
	store_drops(at, left, dropped_now(at, v));
#endif
}

#include "split.glsl"
#include "gemm.glsl" name=product a=rows_x a_along_k=1 b=rows_w b_along_k=1 column=bias c=result with_sums=0 sums=none split=SPLIT

void main() {
#if SPLIT
	ivec2 at = find_tile(group_index(), N, Out), i = part_of(In);
	product(at.x, at.y, i.x, i.y);
#else
	int columns = (Out + BN - 1) / BN, tile = group_index();
	product(tile / columns * BM, tile % columns * BN, 0, In);
#endif
}
