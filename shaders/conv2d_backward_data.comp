// dx[n,h,w,c] = Σ dz[n,p,q,k]·w[k,r,s,c] over h = p·Stride-Pad+r, w = q·Stride-Pad+s
// with dz = dy ⊙ act'(y): dx of glyph.Backend.Conv2DBackward, as a product over
// (r, s, k). With DROP and UNPOOL see gradient_store.glsl. With SPLIT the sums are cut every
// split_length terms.
#include "kernel.glsl"
#include "factor_dz.glsl"
#include "tile.glsl"
#include "conv2d.glsl"
#include "tensor_in.glsl" name=dy vec=VEC_K
#include "tensor_in.glsl" name=y vec=VEC_K
#include "tensor_in.glsl" name=w vec=VEC_C
#include "activation.glsl"
#include "sources.glsl"
#include "gradient_store.glsl" height=H width=W channels=C vec=VEC_C

vec4 nothing(int c) { return vec4(0); }
void result(int nhw, int c, vec4 v, vec4 none) { store_gradient(nhw, c, nhw < N * H * W ? C - c : 0, v); }

#include "split.glsl"
#include "gemm.glsl" name=product a=sources a_along_k=1 b=weights b_along_k=0 column=nothing c=result with_sums=0 sums=none split=SPLIT

void main() {
#if SPLIT
	ivec2 at = find_tile(group_index(), N * H * W, C), k = part_of(terms);
	product(at.x, at.y, k.x, k.y);
#else
	int columns = (C + BN - 1) / BN, tile = group_index();
	product(tile / columns * BM, tile % columns * BN, 0, terms);
#endif
}
