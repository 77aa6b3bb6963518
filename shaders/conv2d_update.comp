// The gradients dw and db of glyph.Backend.Conv2DBackward, and glyph.Backend.Optimize
// with them, which are not written: conv2d_backward_weights.comp with another end.
#include "kernel.glsl"
#include "factor_dz.glsl"
#include "tile.glsl"
#include "conv2d.glsl"
#include "tensor_in.glsl" name=dy vec=VEC_K
#include "tensor_in.glsl" name=y vec=VEC_K
#include "tensor_in.glsl" name=x vec=VEC_C
#include "activation.glsl"
#include "rows.glsl" name=dz tensor=dy vec=VEC_K dz=1 y=y outer=terms inner=K along_k=0
#include "patch_columns.glsl"
#include "optimizer_store.glsl"
layout(location = UNIFORM_w_at) uniform int w_at;
layout(location = UNIFORM_w_end) uniform int w_end;
layout(location = UNIFORM_b_at) uniform int b_at; // -1 for none
layout(location = UNIFORM_b_end) uniform int b_end;

vec4 updating(int i) {
	begin_updates();
	return vec4(0);
}
void result(int k, int i, vec4 v, vec4 none) { update_four(w_at + k * RSC + i, k < K ? RSC - i : 0, v); }
void result_db(int k, vec4 v) { update_four(b_at + k, b_at < 0 ? 0 : K - k, v); }

#include "split.glsl"
#include "gemm.glsl" name=product a=dz a_along_k=0 b=patch b_along_k=0 column=updating c=result with_sums=1 sums=result_db split=SPLIT

void main() {
	ivec2 at = find_tile(group_index(), K, RSC), k = part_of(terms);
	product(at.x, at.y, k.x, k.y);
	if (group_index() == 0) {
		begin_updates();
		update_rest(w_at + K * RSC, w_end);
#if VEC_W
		update_rest(b_at + (K + 3) / 4 * 4, b_end);
#else
		update_rest(b_at + K, b_end);
#endif
	}
	advance();
}
