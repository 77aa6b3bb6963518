// y[n,p,q,k] = act(b[k] + Σ_{r,s,c} x[n, p·Stride-Pad+r, q·Stride-Pad+s, c]·w[k,r,s,c]):
// glyph.Backend.Conv2D, as the product of patches (N·P·Q, RSC) and wᵀ (RSC, K).
#include "kernel.glsl"
#include "tile.glsl"
#include "conv2d.glsl"
#include "tensor_out.glsl" name=y vec=VEC_K
#include "tensor_in.glsl" name=x vec=VEC_C
#include "tensor_in.glsl" name=w vec=VEC_C
#include "tensor_in.glsl" name=b vec=VEC_K
#include "activation.glsl"
#include "conv2d_patch.glsl"

vec4 row_w(int i, int k) { return load_w(k * RSC + i, k < K ? RSC - i : 0); }

void result(int npq, int k, vec4 z) {
#if BIAS
	z += load_b(k, K - k);
#endif
	store_y(npq * K + k, npq < N * P * Q ? K - k : 0, activate(z));
}

#include "gemm.glsl" name=product a=patch_x a_along_m=0 b=row_w b_along_k=1 c=result with_sums=0 sums=none split=0

void main() {
	int columns = (K + BN - 1) / BN;
	int tile = group_index();
	product(tile / columns * BM, tile % columns * BN, 0, RSC);
}
