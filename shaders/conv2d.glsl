// Geometry of a convolution, from #defines, so that divisions are by constants:
//
//	x (N, H, W, C)   w (K, R, S, C)   y (N, P, Q, K)
//
// Only N, the batch, is a uniform. The kernels are products over patches that
// are never written out (implicit GEMM).
layout(location = 10) uniform int N;
const int RSC = R * S * C;

// Where in x the element (r, s, c) number i of the patch of output (n, p, q)
// number npq is, or -1 outside the image.
int patch_index(int npq, int i) {
	int n = npq / (P * Q), p = npq / Q % P, q = npq % Q;
	int h = p * STRIDE - PAD + i / (S * C), w = q * STRIDE - PAD + i / C % S;
	if (npq >= N * P * Q || i >= RSC || uint(h) >= uint(H) || uint(w) >= uint(W)) return -1;
	return ((n * H + h) * W + w) * C + i % C;
}
