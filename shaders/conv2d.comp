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
#include "patch_rows.glsl"
#include "rows.glsl" name=weights tensor=w vec=VEC_C dz=0 y=none outer=K inner=RSC along_k=1

vec4 bias(int k) {
#if BIAS
	return load_b(k, K - k);
#else
	return vec4(0);
#endif
}

void result(int npq, int k, vec4 z, vec4 b) {
#if BIAS
	z += b;
#endif
	store_y(npq * K + k, npq < N * P * Q ? K - k : 0, activate(z));
}

#include "gemm.glsl" name=product a=patch a_along_k=1 b=weights b_along_k=1 column=bias c=result with_sums=0 sums=none split=0

void main() {
	int columns = (K + BN - 1) / BN;
	int tile = group_index();
	product(tile / columns * BM, tile % columns * BN, 0, terms);
}
