// Patches of x as the factor A (N·P·Q, RSC) of a product for gemm.glsl: block rows are
// outputs, in the order of outputs.glsl, and the sum goes along a patch. What an output's number and a place in the
// patch are is split up once; steps carry from digit to digit.
#include "operand.glsl" name=patch tensor=x vec=VEC_C dz=0 y=none
struct patch_place {
	ivec4 at, h, w;   // of the patches of four outputs: where they begin in x, and that row and column
	int r, s, c;      // in the patch
	int dr, ds, dc;   // of a step
};

patch_place patch_begin(int npq, int i) {
	patch_place p;
	for (int j = 0; j < 4; ++j) {
		ivec3 o = output_of(npq + j);
		p.h[j] = o.y * STRIDE - PAD;
		p.w[j] = o.z * STRIDE - PAD;
		p.at[j] = ((o.x * H + p.h[j]) * W + p.w[j]) * C;
		if (o.x >= N) p.h[j] = -H - R; // outside in every row
	}
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
#if VEC_C
	int offset = (p.r * W + p.s) * C + p.c;
	for (int j = 0; j < 4; ++j)
		patch_read(b, j, p.at[j] + offset, p.r < R && uint(p.h[j] + p.r) < uint(H) && uint(p.w[j] + p.s) < uint(W));
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
			ok |= r[i] < R && uint(p.h[j] + r[i]) < uint(H) && uint(p.w[j] + s[i]) < uint(W) ? 1 << i : 0;
		patch_pick(b, j, p.at[j] + offset, ok);
	}
#endif
}
