// y = act(x·wᵀ + b): glyph.Backend.Dense.
#include "kernel.glsl"
#include "tile.glsl"
#include "tensor_out.glsl" name=y vec=VEC_OUT
#include "tensor_in.glsl" name=x vec=VEC_IN
#include "tensor_in.glsl" name=w vec=VEC_IN
#include "tensor_in.glsl" name=b vec=VEC_OUT
#include "activation.glsl"
layout(location = UNIFORM_N) uniform int N;
layout(location = UNIFORM_In) uniform int In;
layout(location = UNIFORM_Out) uniform int Out;

vec4 row_x(int n, int i) { return load_x(n * In + i, n < N ? In - i : 0); }
vec4 row_w(int i, int o) { return load_w(o * In + i, o < Out ? In - i : 0); }

void result(int n, int o, vec4 z) {
#if BIAS
	z += load_b(o, Out - o);
#endif
	store_y(n * Out + o, n < N ? Out - o : 0, activate(z));
}

#include "gemm.glsl" name=product a=row_x a_along_m=0 b=row_w b_along_k=1 c=result with_sums=0 sums=none split=0

void main() {
	int columns = (Out + BN - 1) / BN, tile = group_index();
	product(tile / columns * BM, tile % columns * BN, 0, In);
}
