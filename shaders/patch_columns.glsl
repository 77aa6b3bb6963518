// Patches of x as the factor B (N·P·Q, RSC) of a product for gemm.glsl: block rows are
// places in the patch, and the sum goes from output to output. What a place and an
// output's number are is split up once; steps carry from digit to digit.
#include "operand.glsl" name=patch tensor=x vec=VEC_C dz=0 y=none
struct patch_place {
	int n, h, w;    // of the output's patch: the image, and the row and column where it begins
	int dn, dh, dw; // of a step
#if VEC_C
	int r, s, offset; // in the patch, and from its beginning in x
#else
	HELD_LINES(lines)
#endif
};

patch_place patch_begin(int i, int npq) {
	patch_place p;
	p.n = npq / (P * Q), p.h = npq / Q % P * STRIDE - PAD, p.w = npq % Q * STRIDE - PAD;
	p.dn = STEP / (P * Q), p.dh = STEP / Q % P * STRIDE, p.dw = STEP % Q * STRIDE;
#if VEC_C
	p.r = i < RSC ? i / (S * C) : 1 << 20, p.s = i / C % S;
	p.offset = (p.r * W + p.s) * C + i % C;
#else
	four_lines lines;
	for (int j = 0; j < 4; ++j) {
		int r = (i + j) / (S * C), s = (i + j) / C % S;
		lines.a[j] = (r * W + s) * C + (i + j) % C;
		lines.b[j] = i + j < RSC ? r : 1 << 20;
		lines.c[j] = s;
	}
	HOLD(p, lines);
#endif
	return p;
}

void patch_carry(inout patch_place p) {
	if (p.w >= Q * STRIDE - PAD) p.w -= Q * STRIDE, p.h += STRIDE;
	if (p.h >= P * STRIDE - PAD) p.h -= P * STRIDE, ++p.n;
}

void patch_advance(inout patch_place p) {
	p.n += p.dn;
	p.h += p.dh;
	p.w += p.dw;
	patch_carry(p);
}

void patch_fetch(out block b, patch_place p) {
	b.ok = 0;
#if !VEC_C
	four_lines lines = HELD(p);
#endif
	for (int j = 0; j < 4; ++j) {
		int at = ((p.n * H + p.h) * W + p.w) * C;
#if VEC_C
		patch_read(b, j, at + p.offset, p.n < N && uint(p.h + p.r) < uint(H) && uint(p.w + p.s) < uint(W));
#else
		int ok = 0;
		for (int i = 0; i < 4; ++i)
			ok |= p.n < N && uint(p.h + lines.b[i]) < uint(H) && uint(p.w + lines.c[i]) < uint(W) ? 1 << i : 0;
		patch_pick(b, j, lines.a + at, ok);
#endif
		p.w += STRIDE;
		patch_carry(p);
	}
}

#if BY_FOURS && !VEC_C
#define patch_by_fours
vec4 patch_next(inout patch_place p) {
	four_lines lines = HELD(p);
	int ok = 0, at = ((p.n * H + p.h) * W + p.w) * C;
	for (int i = 0; i < 4; ++i)
		ok |= p.n < N && uint(p.h + lines.b[i]) < uint(H) && uint(p.w + lines.c[i]) < uint(W) ? 1 << i : 0;
	vec4 v = patch_four(lines.a + at, ok);
	p.w += STRIDE;
	patch_carry(p);
	return v;
}
#endif
