// How conv2d_first.comp stores a unit of 2×2 sums, for filters k to k+3, of the band that
// begins in row p0 of image n: unit (up, left) there. bias is added to all.
void store_unit(int n, int p0, int up, int left, int k, vec4 z[2][2], vec4 bias) {
	int end = min(band, P - p0);
	for (int a = 0; a < 2; ++a)
		for (int c = 0; c < 2; ++c) {
			int p = p0 + up * 2 + a, q = left * 2 + c;
#if BIAS || R * S % 4 != 0
			z[a][c] += bias;
#endif
			z[a][c] = activate(z[a][c]);
			int at = ((n * P + p) * Q + q) * K + k, there = up * 2 + a < end && q < Q ? K - k : 0;
#if KEEP_Y
			store_y(at, there, z[a][c]);
#endif
#if DROP && !POOL
			store_drops(at, there, dropped_now(at, z[a][c]));
#endif
		}
#if POOL
	vec4 best = z[0][0];
	for (int i = 0; i < 4; ++i)
		for (int j = 0; j < 4; ++j) best[j] = greatest(best[j], z[i / 2][i % 2][j]);
	int row = p0 / 2 + up;
	int window = ((n * (P / 2) + row) * (Q / 2) + left) * K + k, whole = row < P / 2 && left < Q / 2 ? K - k : 0;
#if KEEP_POOLED
	store_pooled(window, whole, best);
#endif
#if DROP
	store_drops(window, whole, dropped_now(window, best));
#endif
#endif
}
