// The sums of a band for conv2d_first_sums.glsl, in the same order, each result by itself.

// add_all adds up tap t of filters k to k+3 over outputs of a band.
vec4 add_all(int t, int n, int p0, int k) {
	int outputs = k < K ? min(band, P - p0) * Q : 0, at = (n * P + p0) * Q * K + k;
	vec4 sum = vec4(0);
	for (int v = 0; v < REALS; ++v) {
		vec4 row = vec4(0);
		for (int m = v; m < TEAM; m += REALS) {
			vec4 member = vec4(0);
			for (int i = m; i < outputs; i += TEAM) {
#if ACT == 0
				vec4 dz = get_dy(at + i * K);
#else
				vec4 dz = gradient(get_dy(at + i * K), get_y(at + i * K));
#endif
				int h = (p0 + i / Q) * STRIDE - PAD, w = i % Q * STRIDE - PAD;
				if (t < RS) member = fma(vec4(pixel_at(h + t / S, w + t % S)), dz, member);
				else member += dz;
			}
			row += member;
		}
		sum += row;
	}
	return sum;
}

void add_band(int n, int p0) {
	begin_image(n);
	for (int i = int(gl_LocalInvocationIndex); i < QUADS; i += THREADS) {
		int t = i / FOURS, f = i % FOURS * 4;
		vec4 sum = add_all(t, n, p0, tile * FILTERS + f);
		for (int j = 0; j < 4; ++j) results[t < RS ? (f + j) * RS + t : FILTERS * RS + f + j] = sum[j];
	}
	memoryBarrierShared();
	barrier();
}
