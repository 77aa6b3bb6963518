// void $name(m0, n0, k0, k1) computes the tile of C = A·B whose first element
// is (m0, n0), summed over k0 <= k < k1, with all invocations of the group.
// The includer has included tile.glsl, and defines
//
//	vec4 $a(int m, int k)   A[m, k] to A[m, k+3], or with $a_along_m A[m, k] to A[m+3, k]
//	vec4 $b(int k, int n)   B[k, n] to B[k, n+3], or with $b_along_k B[k, n] to B[k+3, n]
//	$c(int m, int n, vec4)  takes C[m, n] to C[m, n+3]
//	$sums(int m, vec4)      with $with_sums: takes Σₖ A[m, k] to Σₖ A[m+3, k], where n0 is 0
//
// With $split, which asks for $with_sums, the includer has included split.glsl,
// and (k0, k1) is a part of the sum. Loads beyond the edge give zeros and
// stores beyond it do nothing, so that every invocation reaches every barrier. k0 is a multiple of BK; k1 is,
// or is K.

// Columns are the block's rows of k, each a vec4 along m or n.
mat4 $name_block_a(int m, int k) {
#if $a_along_m
	return mat4($a(m, k), $a(m, k + 1), $a(m, k + 2), $a(m, k + 3));
#else
	return transpose(mat4($a(m, k), $a(m + 1, k), $a(m + 2, k), $a(m + 3, k)));
#endif
}

mat4 $name_block_b(int k, int n) {
#if $b_along_k
	return transpose(mat4($b(k, n), $b(k, n + 1), $b(k, n + 2), $b(k, n + 3)));
#else
	return mat4($b(k, n), $b(k + 1, n), $b(k + 2, n), $b(k + 3, n));
#endif
}

void $name(int m0, int n0, int k0, int k1) {
	int id = int(gl_LocalInvocationIndex);
	int tx = id % TX, ty = id / TX;

	// Neighbours load along the direction that is contiguous in memory.
	bool loads_a = id < BLOCKS_A, loads_b = id >= THREADS - BLOCKS_B;
	int jb = id - (THREADS - BLOCKS_B);
#if $a_along_m
	int ma = id % (BM / 4), ka = 4 * (id / (BM / 4));
#else
	int ma = id / (BK / 4), ka = 4 * (id % (BK / 4));
#endif
#if $b_along_k
	int nb = jb / (BK / 4), kb = 4 * (jb % (BK / 4));
#else
	int nb = jb % (BN / 4), kb = 4 * (jb / (BN / 4));
#endif

	vec4 c[TM][TN / 4];
	for (int i = 0; i < TM; ++i)
		for (int j = 0; j < TN / 4; ++j) c[i][j] = vec4(0);
#if $with_sums
	vec4 sum = vec4(0);
#endif

	// The next tile is fetched while the present one is multiplied.
	mat4 next[LOADS];
	for (int i = 0; i < LOADS; ++i) next[i] = mat4(0);
	if (loads_a) next[0] = $name_block_a(m0 + 4 * ma, k0 + ka);
	if (loads_b) next[LOADS - 1] = $name_block_b(k0 + kb, n0 + 4 * nb);
	for (int k = k0; k < k1; k += BK) {
		if (loads_a) {
			for (int i = 0; i < 4; ++i) tile_a[ka + i][ma] = next[0][i];
#if $with_sums
			sum += (next[0][0] + next[0][1]) + (next[0][2] + next[0][3]);
#endif
		}
		if (loads_b)
			for (int i = 0; i < 4; ++i) tile_b[kb + i][nb] = next[LOADS - 1][i];
		memoryBarrierShared();
		barrier();
		if (k + BK < k1) {
			if (loads_a) next[0] = $name_block_a(m0 + 4 * ma, k + BK + ka);
			if (loads_b) next[LOADS - 1] = $name_block_b(k + BK + kb, n0 + 4 * nb);
		}
		for (int kk = 0; kk < BK; ++kk) {
			vec4 b[TN / 4];
			for (int j = 0; j < TN / 4; ++j) b[j] = tile_b[kk][tx + j * TX];
			for (int i = 0; i < TM / 4; ++i) {
				vec4 a = tile_a[kk][ty + i * TY];
				for (int j = 0; j < TN / 4; ++j) {
					c[4 * i + 0][j] += a.x * b[j];
					c[4 * i + 1][j] += a.y * b[j];
					c[4 * i + 2][j] += a.z * b[j];
					c[4 * i + 3][j] += a.w * b[j];
				}
			}
		}
		memoryBarrierShared();
		barrier();
	}

#if $with_sums
	if (loads_a) tile_a[ka][ma] = sum;
	memoryBarrierShared();
	barrier();
	sum = vec4(0);
	for (int i = 0; i < BK; i += 4) sum += tile_a[i][id % (BM / 4)];
#endif
#if $split
	int at = partial_of(split);
	for (int i = 0; i < TM * TN / 4; ++i) partial[at + i * THREADS + id] = c[i / (TN / 4)][i % (TN / 4)];
	if (id < BM / 4) partial[at + PARTIAL - BM / 4 + id] = sum;
	if (!all_arrived()) return; // no barrier follows
	for (int i = 0; i < TM * TN / 4; ++i) c[i / (TN / 4)][i % (TN / 4)] = vec4(0);
	sum = vec4(0);
	for (int s = 0; s < splits; ++s) {
		at = partial_of(s);
		for (int i = 0; i < TM * TN / 4; ++i) c[i / (TN / 4)][i % (TN / 4)] += partial[at + i * THREADS + id];
		sum += partial[at + PARTIAL - BM / 4 + id % (BM / 4)];
	}
#endif

	for (int i = 0; i < TM; ++i)
		for (int j = 0; j < TN / 4; ++j)
			$c(m0 + 4 * (ty + i / 4 * TY) + i % 4, n0 + 4 * (tx + j * TX), c[i][j]);
#if $with_sums
	if (n0 == 0 && id < BM / 4) $sums(m0 + 4 * id, sum);
#endif
}
