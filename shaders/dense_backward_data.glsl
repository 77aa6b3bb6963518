// dx = dz·w with dz = dy ⊙ act'(y), as a product for gemm.glsl.
#include "tensor_out.glsl" name=dx vec=VEC_IN
vec4 row_dz(int n, int o) { return load_dz(n * Out + o, n < N ? Out - o : 0); }
vec4 column_w(int o, int i) { return load_w(o * In + i, o < Out ? In - i : 0); }
void result_dx(int n, int i, vec4 v) { store_dx(n * In + i, n < N ? In - i : 0, v); }
#include "gemm.glsl" name=data a=row_dz a_along_m=0 b=column_w b_along_k=0 c=result_dx with_sums=0 sums=none split=0

void data_tile(int tile) {
	int columns = (In + BN - 1) / BN;
	data(tile / columns * BM, tile % columns * BN, 0, Out);
}
