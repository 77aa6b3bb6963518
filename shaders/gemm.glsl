// void $name(m0, n0, k0, k1) computes the tile of C = A·B whose first element
// is (m0, n0), summed over k0 <= k < k1, with all invocations of the group.
// The includer has included tile.glsl, and defines for $a and for $b
//
//	struct $a_place                             where a block is
//	$a_place $a_begin(int line, int k)          rows line to line+3 of A, or columns of B, at k
//	void $a_fetch(out block, $a_place)          reads it, see operand.glsl
//	mat4 $a_values(block)                       with $a_along_k a column for each line, else for each k
//	void $a_advance(inout $a_place)             adds STEP to k
//	vec4 $a_next(inout $a_place)                with $a_by_fours defined, where tiles are not AHEAD:
//	                                            four lines at k, which becomes k+1
//	vec4 $a_line($a_place, int j)               with $a_by_lines defined, for A alone and there too:
//	                                            line j at k to k+3
//
// and
//
//	vec4 $column(int n)                what $c needs to know of columns n to n+3
//	$c(int m, int n, vec4, vec4)       takes C[m, n] to C[m, n+3], and that
//	$c(int m, int n, mat4, vec4)       with TAKES_FOURS: rows m to m+3 of these, m a multiple of 4
//	$sums(int m, vec4)                 with $with_sums: takes Σₖ A[m, k] to Σₖ A[m+3, k], where n0 is 0
//
// With $split the includer has included split.glsl, and (k0, k1) is a part of the sum.
// Blocks are zero beyond the edge and stores beyond it do nothing, so that every invocation
// reaches every barrier. k0 is a multiple of BK; k1 is, or is K. Every element of C is
// summed in the order of k by multiply-adds, and $sums in fours of k, every fourth four by
// itself, whatever the tile: all tiles give the same bits. (DIRECT ones add the fours as
// they come.)

// Columns are the block's rows of k, each a vec4 along m or n.
mat4 $name_a(block b) {
#if $a_along_k
	return transpose($a_values(b));
#else
	return $a_values(b);
#endif
}

mat4 $name_b(block b) {
#if $b_along_k
	return transpose($b_values(b));
#else
	return $b_values(b);
#endif
}

void $name(int m0, int n0, int k0, int k1) {
#ifdef INVOCATION
	int id = INVOCATION; // see dense_update_pair.comp
#else
	int id = int(gl_LocalInvocationIndex);
#endif
	int tx = id % TX, ty = id / TX;

	vec4 c[TM][TN / 4];
	for (int i = 0; i < TM; ++i)
		for (int j = 0; j < TN / 4; ++j) c[i][j] = vec4(0);

#if DIRECT
	$a_place place_a[TM / 4];
	$b_place place_b[TN / 4];
	for (int i = 0; i < TM / 4; ++i) place_a[i] = $a_begin(m0 + 4 * (ty + i * TY), k0);
	for (int j = 0; j < TN / 4; ++j) place_b[j] = $b_begin(n0 + 4 * (tx + j * TX), k0);
#if $with_sums
	const int SUMS = TM / 4; // of which every invocation with tx = 0 has its own
	vec4 sum[SUMS];
	for (int i = 0; i < SUMS; ++i) sum[i] = vec4(0);
#endif
	for (int k = k0; k < k1; k += STEP) {
		mat4 a[TM / 4], b[TN / 4];
		for (int i = 0; i < TM / 4; ++i) {
			block x;
			$a_fetch(x, place_a[i]);
			$a_advance(place_a[i]);
			a[i] = $name_a(x);
#if $with_sums
			sum[i] += (a[i][0] + a[i][1]) + (a[i][2] + a[i][3]);
#endif
		}
		for (int j = 0; j < TN / 4; ++j) {
			block x;
			$b_fetch(x, place_b[j]);
			$b_advance(place_b[j]);
			b[j] = $name_b(x);
		}
		for (int kk = 0; kk < STEP; ++kk)
			for (int i = 0; i < TM; ++i)
				for (int j = 0; j < TN / 4; ++j) c[i][j] = fma(vec4(a[i / 4][kk][i % 4]), b[j][kk], c[i][j]);
	}
	bool sums_mine = tx == 0;
#define SUM_FOUR(i) (ty + (i) * TY)
#else
	// Neighbours load along the direction that is contiguous in memory.
	bool loads_a = id < BLOCKS_A, loads_b = id >= THREADS - BLOCKS_B;
	int jb = id - (THREADS - BLOCKS_B);
#if $a_along_k
	int ma = id / (BK / 4), ka = 4 * (id % (BK / 4));
#else
	int ma = id % (BM / 4), ka = 4 * (id / (BM / 4));
#endif
#if $b_along_k
	int nb = jb / (BK / 4), kb = 4 * (jb % (BK / 4));
#else
	int nb = jb % (BN / 4), kb = 4 * (jb / (BN / 4));
#endif
#if $with_sums
	const int SUMS = 1;
	vec4 sum[SUMS];
#if AHEAD
	sum[0] = vec4(0);
#else
	if (loads_a) sums[id] = vec4(0);
#endif
#endif
	$a_place place_a = $a_begin(m0 + 4 * ma, k0 + ka);
	$b_place place_b = $b_begin(n0 + 4 * nb, k0 + kb);
	int to_a = ka * ROW_A + ma, to_b = kb * ROW_B + nb;
#if AHEAD
	// The next tile is fetched while the present one is multiplied.
	block next[LOADS];
	if (loads_a) $a_fetch(next[0], place_a);
	if (loads_b) $b_fetch(next[LOADS - 1], place_b);
#endif
	for (int k = k0; k < k1; k += BK) {
#if defined($a_by_fours)
		$a_place four_a = place_a;
		if (loads_a)
			for (int to = to_a; to < to_a + 4 * ROW_A; to += ROW_A) tile_a[to] = $a_next(four_a);
#elif defined($a_by_lines)
		if (loads_a)
			for (int j = 0; j < 4; ++j) {
				vec4 line = $a_line(place_a, j);
				for (int i = 0; i < 4; ++i) tile_a[to_a + i * ROW_A][j] = line[i];
			}
#else
		if (loads_a) {
#if !AHEAD
			block next[1]; // holds no register while it is multiplied
			$a_fetch(next[0], place_a);
#endif
			mat4 a = $name_a(next[0]);
			for (int i = 0; i < 4; ++i) tile_a[to_a + i * ROW_A] = a[i];
#if $with_sums && AHEAD
			sum[0] += (a[0] + a[1]) + (a[2] + a[3]);
#endif
		}
#endif
#if defined($b_by_fours)
		$b_place four_b = place_b;
		if (loads_b)
#if BY_TWOS
			for (int to = to_b; to < to_b + 4 * ROW_B; to += 2 * ROW_B) {
				vec4 v = $b_next(four_b), w = $b_next(four_b);
				tile_b[to] = v, tile_b[to + ROW_B] = w;
			}
#else
			for (int to = to_b; to < to_b + 4 * ROW_B; to += ROW_B) tile_b[to] = $b_next(four_b);
#endif
#else
		if (loads_b) {
#if !AHEAD
			block next[LOADS];
			$b_fetch(next[LOADS - 1], place_b);
#endif
			mat4 b = $name_b(next[LOADS - 1]);
			for (int i = 0; i < 4; ++i) tile_b[to_b + i * ROW_B] = b[i];
		}
#endif
		memoryBarrierShared();
		barrier();
#if AHEAD
		if (k + BK < k1) {
			$a_advance(place_a);
			$b_advance(place_b);
			if (loads_a) $a_fetch(next[0], place_a);
			if (loads_b) $b_fetch(next[LOADS - 1], place_b);
		}
#else
		$a_advance(place_a);
		$b_advance(place_b);
#if $with_sums // as they would be summed ahead
		if (n0 == 0 && loads_a) sums[id] += (tile_a[to_a] + tile_a[to_a + ROW_A]) + (tile_a[to_a + 2 * ROW_A] + tile_a[to_a + 3 * ROW_A]);
#endif
#endif
		// As far as the sum goes, in fours. Compilers that unroll a whole tile run out of
		// registers, and those that see no constant here don't. Within a four all places
		// are at constant distances, which loads have room for.
		int end = min(k + BK, k1), at_a = ty, at_b = tx;
		for (int four = k; four < end; four += DEEP, at_a += DEEP * ROW_A, at_b += DEEP * ROW_B)
			for (int kk = 0; kk < DEEP; ++kk) {
				vec4 b[TN / 4];
				for (int j = 0; j < TN / 4; ++j) b[j] = tile_b[at_b + kk * ROW_B + j * TX];
				for (int i = 0; i < TM / 4; ++i) {
					vec4 a = tile_a[at_a + kk * ROW_A + i * TY];
					for (int j = 0; j < TN / 4; ++j) {
						c[4 * i + 0][j] = fma(vec4(a.x), b[j], c[4 * i + 0][j]);
						c[4 * i + 1][j] = fma(vec4(a.y), b[j], c[4 * i + 1][j]);
						c[4 * i + 2][j] = fma(vec4(a.z), b[j], c[4 * i + 2][j]);
						c[4 * i + 3][j] = fma(vec4(a.w), b[j], c[4 * i + 3][j]);
					}
				}
			}
		memoryBarrierShared();
		barrier();
	}
#if $with_sums
#if AHEAD
	if (loads_a) tile_a[id] = sum[0];
	memoryBarrierShared();
	barrier();
#define sums tile_a
#endif
	sum[0] = vec4(0);
	for (int i = 0; i < BK / 4; ++i) sum[0] += sums[i * (BM / 4) + id % (BM / 4)];
#undef sums
#endif
	bool sums_mine = id < BM / 4;
#define SUM_FOUR(i) (id % (BM / 4))
#endif

#if $split
	int at = partial_of(split);
	for (int i = 0; i < TM * TN / 4; ++i) partial[at + i * THREADS + id] = c[i / (TN / 4)][i % (TN / 4)];
#if $with_sums
	for (int i = 0; i < SUMS; ++i)
		if (sums_mine) partial[at + PARTIAL - BM / 4 + SUM_FOUR(i)] = sum[i];
#endif
	if (!all_arrived()) return; // all of the group or none; no barrier follows here
	for (int i = 0; i < TM * TN / 4; ++i) c[i / (TN / 4)][i % (TN / 4)] = vec4(0);
#if $with_sums
	for (int i = 0; i < SUMS; ++i) sum[i] = vec4(0);
#endif
	for (int s = 0; s < splits; ++s) {
		at = partial_of(s);
		for (int i = 0; i < TM * TN / 4; ++i) c[i / (TN / 4)][i % (TN / 4)] += partial[at + i * THREADS + id];
#if $with_sums
		for (int i = 0; i < SUMS; ++i) sum[i] += partial[at + PARTIAL - BM / 4 + SUM_FOUR(i)];
#endif
	}
#endif

	vec4 column[TN / 4];
	for (int j = 0; j < TN / 4; ++j) column[j] = $column(n0 + 4 * (tx + j * TX));
	// Without a loop, which a driver may keep: the sums would then lie in memory, where a
	// variable index can reach, and not in registers.
#if TM > 8 || TN > 8
#error "an invocation stores at most 8x8 results"
#endif
#ifdef TAKES_FOURS
#define STORE(i, j) $c(m0 + 4 * (ty + i / 4 * TY), n0 + 4 * (tx + j * TX), mat4(c[i][j], c[i + 1][j], c[i + 2][j], c[i + 3][j]), column[j])
#define STORE_FOUR(i, j) STORE(i, j)
#else
#define STORE(i, j) $c(m0 + 4 * (ty + i / 4 * TY) + i % 4, n0 + 4 * (tx + j * TX), c[i][j], column[j])
#define STORE_FOUR(i, j) STORE(i, j); STORE((i + 1), j); STORE((i + 2), j); STORE((i + 3), j)
#endif
#if !(DIRECT || AHEAD)
	// In a loop that compilers keep if a store is long: they would mix four stores, and
	// have no registers for that. Results move up, at constant indices.
#if TM > 4 || TN > 4
#error "an invocation of a lean tile stores 4x4 results"
#endif
#ifdef TAKES_FOURS
	STORE(0, 0);
#else
	for (int row = 0; row < 4; ++row) {
		$c(m0 + 4 * ty + row, n0 + 4 * tx, c[0][0], column[0]);
		for (int i = 0; i < 3; ++i) c[i][0] = c[i + 1][0];
	}
#endif
#else
	STORE_FOUR(0, 0);
#endif
#if TN > 4
	STORE_FOUR(0, 1);
#endif
#if TM > 4
	STORE_FOUR(4, 0);
#if TN > 4
	STORE_FOUR(4, 1);
#endif
#endif
#undef STORE
#undef STORE_FOUR
#if $with_sums
	for (int i = 0; i < SUMS; ++i)
		if (n0 == 0 && sums_mine) $sums(m0 + 4 * SUM_FOUR(i), sum[i]);
#endif
#undef SUM_FOUR
}
