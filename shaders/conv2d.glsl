// Geometry of a convolution,
//
//	x (N, H, W, C)   w (K, R, S, C)   y (N, P, Q, K)
//
// from #defines where it is FIXED, so that divisions are by constants, and else
// from uniforms, so that convolutions share a program. The kernels are products
// over patches that are never written out (implicit GEMM).
layout(location = UNIFORM_N) uniform int N;
// How long the sum is: a uniform even where the geometry tells it, so that no compiler
// unrolls it.
layout(location = UNIFORM_terms) uniform int terms;
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
