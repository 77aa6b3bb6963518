// What of dz each input reached, as the factor A (N·H·W, R·S·K) of a product for
// gemm.glsl, and the weights as its B (R·S·K, C): block rows are inputs, or channels
// of theirs, and the sum goes over (r, s, k), whose digits carry from step to step.
#include "operand.glsl" name=sources tensor=dy vec=VEC_K dz=1 y=y
struct sources_place {
	HELD_LINES(lines) // of four inputs: the image's first row in dz, row and column with the padding
	int r, s, k;
	int dr, ds, dk; // of a step
};

void digits_carry(inout int r, inout int s, inout int k) {
	if (k >= K) k -= K, ++s;
	if (s >= S) s -= S, ++r;
}

sources_place sources_begin(int nhw, int i) {
	sources_place p;
	four_lines lines;
	for (int j = 0; j < 4; ++j) {
		int m = nhw + j, n = m / (H * W);
		lines.a[j] = n * P;
		lines.b[j] = n < N ? m / W % H + PAD : -1; // above every row
		lines.c[j] = m % W + PAD;
	}
#if VEC_K
	HOLD_LINES(p, lines);
#else
	HOLD(p, lines);
#endif
	p.r = i / (S * K), p.s = i / K % S, p.k = i % K;
	p.dr = STEP / (S * K), p.ds = STEP / K % S, p.dk = STEP % K;
	return p;
}

void sources_advance(inout sources_place p) {
	p.r += p.dr;
	p.s += p.ds;
	p.k += p.dk;
	digits_carry(p.r, p.s, p.k);
}

// Where the output is that tap (r, s) of input j reached, and whether there is one.
int source(sources_place p, ivec3 line, out bool ok) {
	int up = line.y - p.r, left = line.z - p.s, row = up / STRIDE, column = left / STRIDE;
	ok = p.r < R && up >= 0 && left >= 0 && row < P && column < Q && row * STRIDE == up && column * STRIDE == left;
	return ((line.x + row) * Q + column) * K + p.k;
}

void sources_fetch(out block b, sources_place p) {
	b.ok = 0;
#if VEC_K
	for (int j = 0; j < 4; ++j) {
		bool ok;
		int at = source(p, HELD_LINE(p, j), ok);
		sources_read(b, j, at, ok);
	}
#else
	ivec4 at[4];
	ivec4 ok = ivec4(0);
	four_lines lines = HELD(p);
	for (int i = 0; i < 4; ++i) {
		for (int j = 0; j < 4; ++j) {
			bool there;
			at[j][i] = source(p, line_of(lines, j), there);
			ok[j] |= there ? 1 << i : 0;
		}
		++p.k;
		digits_carry(p.r, p.s, p.k);
	}
	for (int j = 0; j < 4; ++j) sources_pick(b, j, at[j], ok[j]);
#endif
}

#if BY_FOURS && VEC_K && ACT != 0
#define sources_by_lines
vec4 sources_line(sources_place p, int j) {
	bool ok;
	int at = source(p, HELD_LINE(p, j), ok);
	return sources_four(at, ok);
}
#elif BY_FOURS && !VEC_K
#define sources_by_fours
vec4 sources_next(inout sources_place p) {
	four_lines lines = HELD(p);
	ivec4 at;
	int ok = 0;
	for (int j = 0; j < 4; ++j) {
		bool there;
		at[j] = source(p, line_of(lines, j), there);
		ok |= there ? 1 << j : 0;
	}
	++p.k;
	digits_carry(p.r, p.s, p.k);
	return sources_four(at, ok);
}
#endif

#include "operand.glsl" name=weights tensor=w vec=VEC_C dz=0 y=none
struct weights_place {
	int c;
	int rs, k;
	int drs, dk; // of a step
};

weights_place weights_begin(int c, int i) { return weights_place(c, i / K, i % K, STEP / K, STEP % K); }

void weights_advance(inout weights_place p) {
	p.rs += p.drs;
	p.k += p.dk;
	if (p.k >= K) p.k -= K, ++p.rs;
}

void weights_fetch(out block b, weights_place p) {
	b.ok = 0;
	for (int j = 0; j < 4; ++j) {
		int at = p.k * RSC + p.rs * C + p.c;
#if VEC_C
		weights_read(b, j, at, p.rs < R * S && p.c < C);
#else
		int there = p.rs < R * S ? clamp(C - p.c, 0, 4) : 0;
		weights_pick(b, j, ivec4(0, 1, 2, 3) + at, (1 << there) - 1);
#endif
		++p.k;
		if (p.k >= K) p.k -= K, ++p.rs;
	}
}
