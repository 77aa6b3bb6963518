// Geometry of a convolution,
//
//	x (N, H, W, C)   w (K, R, S, C)   y (N, P, Q, K)
//
// from #defines where it is FIXED, so that divisions are by constants, and else
// from uniforms, so that convolutions share a program. The kernels are products
// over patches that are never written out (implicit GEMM).
layout(location = UNIFORM_N) uniform int N;
#if FIXED
const int H = FIXED_H, W = FIXED_W, C = FIXED_C, P = FIXED_P, Q = FIXED_Q, K = FIXED_K, R = FIXED_R, S = FIXED_S;
const int STRIDE = FIXED_STRIDE, PAD = FIXED_PAD;
#else
layout(location = UNIFORM_H) uniform int H;
layout(location = UNIFORM_W) uniform int W;
layout(location = UNIFORM_C) uniform int C;
layout(location = UNIFORM_P) uniform int P;
layout(location = UNIFORM_Q) uniform int Q;
layout(location = UNIFORM_K) uniform int K;
layout(location = UNIFORM_R) uniform int R;
layout(location = UNIFORM_S) uniform int S;
layout(location = UNIFORM_STRIDE) uniform int STRIDE;
layout(location = UNIFORM_PAD) uniform int PAD;
#endif
#define RSC (R * S * C)

// Where in x the element (r, s, c) number i of the patch of output (n, p, q)
// number npq is, or -1 outside the image.
int patch_index(int npq, int i) {
	int n = npq / (P * Q), p = npq / Q % P, q = npq % Q;
	int h = p * STRIDE - PAD + i / (S * C), w = q * STRIDE - PAD + i / C % S;
	if (npq >= N * P * Q || i >= RSC || uint(h) >= uint(H) || uint(w) >= uint(W)) return -1;
	return ((n * H + h) * W + w) * C + i % C;
}
