// y[n,p,q,k] = act(b[k] + Σ_{r,s,c} x[n, p·Stride-Pad+r, q·Stride-Pad+s, c]·w[k,r,s,c]):
// glyph.Backend.Conv2D, as the product of patches (N·P·Q, RSC) and wᵀ (RSC, K). With POOL
// it applies glyph.Backend.MaxPool2D to 2×2 windows of y, and with DROP Dropout to the last
// of these. What nobody reads is not stored: y is with KEEP_Y, pooled with KEEP_POOLED.
// With SPLIT the sums are cut every split_length terms.
#include "kernel.glsl"
#include "tile.glsl"
#include "conv2d.glsl"
#include "tensor_out.glsl" name=y vec=VEC_K
#include "tensor_out.glsl" name=pooled vec=VEC_K
#include "tensor_out.glsl" name=drops vec=VEC_K
#include "tensor_in.glsl" name=x vec=VEC_C
#include "tensor_in.glsl" name=w vec=VEC_C
#include "tensor_in.glsl" name=b vec=VEC_K
#include "activation.glsl"
#include "dropped.glsl"
#include "outputs.glsl"
#include "patch_rows.glsl"
#include "rows.glsl" name=weights tensor=w vec=VEC_C dz=0 y=none outer=K inner=RSC along_k=1

vec4 bias(int k) {
#if BIAS
	return load_b(k, K - k);
#else
	return vec4(0);
#endif
}

vec4 activated(vec4 z, vec4 b) {
#if BIAS
	z += b;
#endif
	return activate(z);
}

#if POOL
#define TAKES_FOURS
void result(int m, int k, mat4 z, vec4 b) {
	vec4 best;
	for (int i = 0; i < 4; ++i) {
		vec4 v = activated(z[i], b);
#if KEEP_Y
		ivec3 npq = output_of(m + i);
		store_y(((npq.x * P + npq.y) * Q + npq.z) * K + k, npq.x < N ? K - k : 0, v);
#endif
		if (i == 0) best = v;
		for (int j = 0; j < 4; ++j) best[j] = greatest(best[j], v[j]);
	}
	int at = m / 4 * K + k, left = m / 4 < WINDOWS ? K - k : 0;
#if KEEP_POOLED
	store_pooled(at, left, best);
#endif
#if DROP
	store_drops(at, left, dropped_now(at, best));
#endif
}
#else
void result(int npq, int k, vec4 z, vec4 b) {
	int at = npq * K + k, left = npq < N * P * Q ? K - k : 0;
	vec4 v = activated(z, b);
#if KEEP_Y
	store_y(at, left, v);
#endif
#if DROP
	store_drops(at, left, dropped_now(at, v));
#endif
}
#endif

#include "split.glsl"
#include "gemm.glsl" name=product a=patch a_along_k=1 b=weights b_along_k=1 column=bias c=result with_sums=0 sums=none split=SPLIT

void main() {
#if SPLIT
#if POOL && !KEEP_Y
	int rows = 4 * WINDOWS; // what is in no window is not needed
#else
	int rows = N * P * Q;
#endif
	ivec2 at = find_tile(group_index(), rows, K), k = part_of(terms);
	product(at.x, at.y, k.x, k.y);
#else
	int columns = (K + BN - 1) / BN, tile = group_index();
	product(tile / columns * BM, tile % columns * BN, 0, terms);
#endif
}
