// Patches of x as the factor A (N·P·Q, RSC) of a product for gemm.glsl: block rows are
// outputs, in the order of outputs.glsl, and the sum goes along a patch. An output's number
// and a place in the patch are split into their digits once; steps carry from digit to digit.
#include "operand.glsl" name=patch tensor=x vec=VEC_C dz=0 y=none
struct patch_place {
	HELD_LINES(lines) // of the patches of four outputs: where they begin in x, and that row and column
	int r, s, c;      // in the patch
	int dr, ds, dc;   // of a step
};

patch_place patch_begin(int npq, int i) {
	patch_place p;
	four_lines lines;
	for (int j = 0; j < 4; ++j) {
		ivec3 o = output_of(npq + j);
		int h = o.y * STRIDE - PAD, w = o.z * STRIDE - PAD;
		lines.a[j] = ((o.x * H + h) * W + w) * C;
		lines.b[j] = o.x < N ? h : -H - R; // outside in every row
		lines.c[j] = w;
	}
	HOLD(p, lines);
	p.r = i / (S * C), p.s = i / C % S, p.c = i % C;
	p.dr = STEP / (S * C), p.ds = STEP / C % S, p.dc = STEP % C;
	return p;
}

void patch_carry(inout int r, inout int s, inout int c) {
	if (c >= C) c -= C, ++s;
	if (s >= S) s -= S, ++r;
}

void patch_advance(inout patch_place p) {
	p.r += p.dr;
	p.s += p.ds;
	p.c += p.dc;
	patch_carry(p.r, p.s, p.c);
}

void patch_fetch(out block b, patch_place p) {
	b.ok = 0;
	four_lines lines = HELD(p);
#if VEC_C
	int offset = (p.r * W + p.s) * C + p.c;
	for (int j = 0; j < 4; ++j)
		patch_read(b, j, lines.a[j] + offset, p.r < R && uint(lines.b[j] + p.r) < uint(H) && uint(lines.c[j] + p.s) < uint(W));
#else
	ivec4 r, s, offset;
	for (int i = 0; i < 4; ++i) {
		r[i] = p.r, s[i] = p.s;
		offset[i] = (p.r * W + p.s) * C + p.c;
		++p.c;
		patch_carry(p.r, p.s, p.c);
	}
	for (int j = 0; j < 4; ++j) {
		int ok = 0;
		for (int i = 0; i < 4; ++i)
			ok |= r[i] < R && uint(lines.b[j] + r[i]) < uint(H) && uint(lines.c[j] + s[i]) < uint(W) ? 1 << i : 0;
		patch_pick(b, j, lines.a[j] + offset, ok);
	}
#endif
}

#if BY_FOURS && !VEC_C
#define patch_by_fours
vec4 patch_next(inout patch_place p) {
	four_lines lines = HELD(p);
	int ok = 0, offset = (p.r * W + p.s) * C + p.c;
	for (int j = 0; j < 4; ++j)
		ok |= p.r < R && uint(lines.b[j] + p.r) < uint(H) && uint(lines.c[j] + p.s) < uint(W) ? 1 << j : 0;
	vec4 v = patch_four(lines.a + offset, ok);
	++p.c;
	patch_carry(p.r, p.s, p.c);
	return v;
}
#endif
