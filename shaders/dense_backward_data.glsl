// dx = dz·w with dz = dy ⊙ act'(y), as a product for gemm.glsl. $take(int at, int left, vec4)
// takes four elements of dx, but none from left on. With SPLIT_DATA the sum over outputs is
// cut every split_length of them.
#include "rows.glsl" name=rows_dz tensor=dy vec=VEC_OUT dz=1 y=y outer=N inner=Out along_k=1
#include "rows.glsl" name=columns_w tensor=w vec=VEC_IN dz=0 y=none outer=Out inner=In along_k=0
void result_dx(int n, int i, vec4 v, vec4 none) { $take(n * In + i, n < N ? In - i : 0, v); }
#include "gemm.glsl" name=data a=rows_dz a_along_k=1 b=columns_w b_along_k=0 column=nothing c=result_dx with_sums=0 sums=none split=SPLIT_DATA

void data_tile(int group) {
#if SPLIT_DATA
	ivec2 at = find_tile(group, N, In), o = part_of(Out);
	data(at.x, at.y, o.x, o.y);
#else
	int columns = (In + BN - 1) / BN;
	data(group / columns * BM, group % columns * BN, 0, Out);
#endif
}
