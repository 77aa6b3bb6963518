// Which output (n, p, q) of a convolution row m of its product is: n is N or more where
// there is none. With POOL four rows are a window of 2×2, row by row: first all windows,
// and then what is in none, if P or Q is odd.
#if POOL
#define WINDOWS (N * (P / 2) * (Q / 2))
#endif

ivec3 output_of(int m) {
#if POOL
	int p = P / 2, q = Q / 2, window = m / 4;
	if (window < WINDOWS) return ivec3(window / (p * q), 2 * (window / q % p) + m / 2 % 2, 2 * (window % q) + m % 2);
	int row = P % 2 * Q, rest = row + Q % 2 * 2 * p; // of an image
	m -= 4 * WINDOWS;
	if (rest == 0) return ivec3(N, 0, 0);
	int n = m / rest;
	m %= rest;
	return m < row ? ivec3(n, P - 1, m) : ivec3(n, m - row, Q - 1);
#else
	return ivec3(m / (P * Q), m / Q % P, m % Q);
#endif
}
