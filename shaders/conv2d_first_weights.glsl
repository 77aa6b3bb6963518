// How conv2d_first.comp comes by what it multiplies: out of shared memory, or with PLAIN out
// of memory for each sum.
#if PLAIN
// sum_of is the sums of filters k to k+3 for the patch that begins in row h and column w.
vec4 sum_of(int h, int w, int k) {
	vec4 z = vec4(0);
	for (int i = 0; i < RS; ++i) {
		vec4 f = pick_w(ivec4(0, RS, 2 * RS, 3 * RS) + (k < K ? k * RS + i : 0));
		z = fma(vec4(pixel_at(h + i / S, w + i % S)), f, z);
	}
	return z;
}
#else
shared vec4 weights[RS * FOURS];

// load has the group load the weights and the pixels of a band.
void load(int block, int n, int p0) {
	int id = int(gl_LocalInvocationIndex);
	for (int i = id; i < RS * FOURS; i += THREADS) {
		int f = 4 * (block * FOURS + i % FOURS), at = f < K ? f * RS + i / FOURS : 0;
		weights[i] = pick_w(ivec4(0, RS, 2 * RS, 3 * RS) + at);
	}
	load_band(n, p0 * STRIDE - PAD);
	memoryBarrierShared();
	barrier();
}
#endif
