// A layer of dense_update.comp: dw = dzᵀ·x and db = Σₙ dz, as a product for gemm.glsl
// whose results update parameters w_at$l to w_end$l and b_at$l to b_end$l.
layout(location = UNIFORM_In$l) uniform int In$l;
layout(location = UNIFORM_Out$l) uniform int Out$l;
layout(location = UNIFORM_w_at$l) uniform int w_at$l;
layout(location = UNIFORM_w_end$l) uniform int w_end$l;
layout(location = UNIFORM_b_at$l) uniform int b_at$l; // -1 for none
layout(location = UNIFORM_b_end$l) uniform int b_end$l;

#include "rows.glsl" name=columns_dz$l tensor=$dy vec=$vec_out dz=$dz y=$y outer=N inner=Out$l along_k=0
#include "rows.glsl" name=rows_x$l tensor=$x vec=$vec_in dz=0 y=none outer=N inner=In$l along_k=0
vec4 updating$l(int i) {
	begin_updates();
	return vec4(0);
}
void result_dw$l(int o, int i, vec4 v, vec4 none) { update_four(w_at$l + o * In$l + i, o < Out$l ? In$l - i : 0, v); }
void result_db$l(int o, vec4 v) { update_four(b_at$l + o, b_at$l < 0 ? 0 : Out$l - o, v); }

#include "gemm.glsl" name=layer$l a=columns_dz$l a_along_k=0 b=rows_x$l b_along_k=0 column=updating$l c=result_dw$l with_sums=1 sums=result_db$l split=$split

void update_rests$l() {
	begin_updates();
	update_rest(w_at$l + Out$l * In$l, w_end$l);
#if VEC_W
	update_rest(b_at$l + (Out$l + 3) / 4 * 4, b_end$l);
#else
	update_rest(b_at$l + Out$l, b_end$l);
#endif
}
