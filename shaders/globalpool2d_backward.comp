// dx of glyph.Backend.GlobalPool2DBackward: dy/PIXELS everywhere, or with MAXIMUM dy
// at the first pixel whose x equals y and 0 elsewhere.
#include "kernel.glsl"
#include "tensor_out.glsl" name=dx vec=VEC_C
#include "tensor_in.glsl" name=dy vec=VEC_C
#include "tensor_in.glsl" name=y vec=VEC_C
#include "tensor_in.glsl" name=x vec=VEC_C
#include "globalpool2d.glsl"
#if MAXIMUM
shared ivec4 firsts[THREADS];
#endif

void main() {
	int id = int(gl_LocalInvocationIndex), n = image(), c = channel();
	vec4 give = load_dy(n * C + c, C - c);
#if MAXIMUM
	// The first of the share's pixels, then the first of all.
	vec4 best = load_y(n * C + c, C - c);
	ivec4 first = ivec4(PIXELS);
	for (int i = share(); i < PIXELS; i += SHARES) {
		bvec4 found = equal(load_x((n * PIXELS + i) * C + c, C - c), best);
		for (int j = 0; j < 4; ++j) first[j] = found[j] ? min(first[j], i) : first[j];
	}
	firsts[id] = first;
	memoryBarrierShared();
	barrier();
	for (int left = SHARES / 2; left > 0; left /= 2) {
		if (share() < left) firsts[id] = min(firsts[id], firsts[id + left * FOURS]);
		memoryBarrierShared();
		barrier();
	}
	first = firsts[four()];
#else
	give = divide(give, vec4(PIXELS));
#endif
	for (int i = share(); i < PIXELS; i += SHARES) {
#if MAXIMUM
		store_dx((n * PIXELS + i) * C + c, C - c, mix(vec4(0), give, equal(ivec4(i), first)));
#else
		store_dx((n * PIXELS + i) * C + c, C - c, give);
#endif
	}
}
