// dw[k,r,s,c] = Σ_{n,p,q} dz[n,p,q,k]·x[n, p·Stride-Pad+r, q·Stride-Pad+s, c] and
// db[k] = Σ_{n,p,q} dz[n,p,q,k] with dz = dy ⊙ act'(y): dw and db of
// glyph.Backend.Conv2DBackward, as the product of dzᵀ (K, N·P·Q) and patches.
// With SPLIT the sum is cut every split_length outputs.
#include "kernel.glsl"
#include "factor_dz.glsl"
#include "tile.glsl"
#include "conv2d.glsl"
#include "tensor_out.glsl" name=dw vec=VEC_C
#include "tensor_out.glsl" name=db vec=0
#include "tensor_in.glsl" name=dy vec=VEC_K
#include "tensor_in.glsl" name=y vec=VEC_K
#include "tensor_in.glsl" name=x vec=VEC_C
#include "activation.glsl"
#include "rows.glsl" name=dz tensor=dy vec=VEC_K dz=1 y=y outer=terms inner=K along_k=0
#include "patch_columns.glsl"

vec4 nothing(int i) { return vec4(0); }

void result(int k, int i, vec4 v, vec4 none) {
#if WEIGHTS
	store_dw(k * RSC + i, k < K ? RSC - i : 0, v);
#endif
}

void result_db(int k, vec4 v) {
#if BIAS
	store_db(k, K - k, v);
#endif
}

#include "split.glsl"
#include "gemm.glsl" name=product a=dz a_along_k=0 b=patch b_along_k=0 column=nothing c=result with_sums=1 sums=result_db split=SPLIT

void main() {
	ivec2 at = find_tile(group_index(), K, RSC), k = part_of(terms);
	product(at.x, at.y, k.x, k.y);
}
