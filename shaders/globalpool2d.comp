// y[n,c] = Σ over the image of x[n,h,w,c]/PIXELS, or with MAXIMUM the greatest of them
// (a NaN makes a NaN): glyph.Backend.GlobalPool2D.
#include "kernel.glsl"
#include "tensor_out.glsl" name=y vec=VEC_C
#include "tensor_in.glsl" name=x vec=VEC_C
#include "nan.glsl"
#include "globalpool2d.glsl"
shared vec4 parts[THREADS];

#if MAXIMUM
#define NOTHING vec4(intBitsToFloat(0xff800000)) // -Inf
vec4 join(vec4 a, vec4 b) {
	return vec4(greatest(a.x, b.x), greatest(a.y, b.y), greatest(a.z, b.z), greatest(a.w, b.w));
}
#else
#define NOTHING vec4(0)
vec4 join(vec4 a, vec4 b) { return a + b; }
#endif

void main() {
	int id = int(gl_LocalInvocationIndex), n = image(), c = channel();
	vec4 part = NOTHING;
	for (int i = share(); i < PIXELS; i += SHARES) part = join(part, load_x((n * PIXELS + i) * C + c, C - c));
	parts[id] = part;
	memoryBarrierShared();
	barrier();
	for (int left = SHARES / 2; left > 0; left /= 2) { // pairs, in a fixed order
		if (share() < left) parts[id] = join(parts[id], parts[id + left * FOURS]);
		memoryBarrierShared();
		barrier();
	}
	if (share() > 0) return; // no barrier follows
#if MAXIMUM
	store_y(n * C + c, C - c, parts[id]);
#else
	store_y(n * C + c, C - c, divide(parts[id], vec4(PIXELS)));
#endif
}
