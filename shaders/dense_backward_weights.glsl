// dw = dzᵀ·x and db = Σₙ dz with dz = dy ⊙ act'(y), as a product for gemm.glsl.
// With SPLIT the sum over n is cut every split_length samples.
#include "tensor_out.glsl" name=dw vec=VEC_IN
#include "tensor_out.glsl" name=db vec=0
vec4 column_dz(int o, int n) { return load_dz(n * Out + o, n < N ? Out - o : 0); }
vec4 row_x(int n, int i) { return load_x(n * In + i, n < N ? In - i : 0); }

void result_dw(int o, int i, vec4 v) {
#if WEIGHTS
	store_dw(o * In + i, o < Out ? In - i : 0, v);
#endif
}

void result_db(int o, vec4 v) {
#if BIAS
	store_db(o, Out - o, v);
#endif
}

#include "split.glsl"
#include "gemm.glsl" name=weights a=column_dz a_along_m=1 b=row_x b_along_k=0 c=result_dw with_sums=1 sums=result_db split=SPLIT

void weights_tile(int group) {
	int columns = (In + BN - 1) / BN;
	tiles = (Out + BM - 1) / BM * columns;
	split = group / tiles;
	tile = group % tiles;
	weights(tile / columns * BM, tile % columns * BN, split * split_length, min(N, (split + 1) * split_length));
}
