// dx[n,h,w,c] = Σ dz[n,p,q,k]·w[k,r,s,c] over h = p·Stride-Pad+r, w = q·Stride-Pad+s
// with dz = dy ⊙ act'(y): dx of glyph.Backend.Conv2DBackward, as a product over
// (r, s, k).
#include "kernel.glsl"
#include "tile.glsl"
#include "conv2d.glsl"
#include "tensor_out.glsl" name=dx vec=VEC_C
#include "tensor_in.glsl" name=dy vec=VEC_K
#include "tensor_in.glsl" name=y vec=VEC_K
#include "tensor_in.glsl" name=w vec=VEC_C
#include "activation.glsl"
#include "dz.glsl"
#define RSK (R * S * K)

// Where in dz the element (r, s, k) number i is that element (n, h, w) number
// nhw of x reached, or -1.
int source_index(int nhw, int i) {
	int n = nhw / (H * W), h = nhw / W % H, w = nhw % W;
	int up = h + PAD - i / (S * K), left = w + PAD - i / K % S;
	int p = up / STRIDE, q = left / STRIDE;
	if (nhw >= N * H * W || i >= RSK || up < 0 || left < 0 || p >= P || q >= Q) return -1;
	if (p * STRIDE != up || q * STRIDE != left) return -1;
	return ((n * P + p) * Q + q) * K + i % K;
}

vec4 sources(int nhw, int i) {
#if VEC_K
	int at = source_index(nhw, i);
	return load_dz(max(at, 0), at < 0 ? 0 : 4);
#else
	vec4 v = vec4(0);
	for (int j = 0; j < 4; ++j) {
		int at = source_index(nhw, i + j);
		v[j] = load_dz(max(at, 0), at < 0 ? 0 : 1).x;
	}
	return v;
#endif
}

vec4 weights(int i, int c) {
	int at = (i % K) * RSC + i / K * C + c;
	return load_w(at, i < RSK ? C - c : 0);
}

void result(int nhw, int c, vec4 v) { store_dx(nhw * C + c, nhw < N * H * W ? C - c : 0, v); }

#include "gemm.glsl" name=product a=sources a_along_m=0 b=weights b_along_k=0 c=result with_sums=0 sums=none split=0

void main() {
	int columns = (C + BN - 1) / BN;
	int tile = group_index();
	product(tile / columns * BM, tile % columns * BN, 0, RSK);
}
