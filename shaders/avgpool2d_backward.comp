// dx of glyph.Backend.AvgPool2DBackward: an element of dx gathers dy from each
// window that covers it, from the first on, so that no two invocations write one
// element and overlapping windows add up in a fixed order.
#include "kernel.glsl"
#include "tensor_out.glsl" name=dx vec=VEC_C
#include "tensor_in.glsl" name=dy vec=VEC_C
layout(location = UNIFORM_N) uniform int N;
layout(location = UNIFORM_H) uniform int H;
layout(location = UNIFORM_W) uniform int W;
layout(location = UNIFORM_C) uniform int C;
layout(location = UNIFORM_P) uniform int P;
layout(location = UNIFORM_Q) uniform int Q;

void main() {
	int fours = (C + 3) / 4, i = invocation_index();
	int c = i % fours * 4, w = i / fours % W, h = i / (fours * W) % H, n = i / (fours * W * H);
	if (n >= N) return; // no barrier follows
	vec4 sum = vec4(0);
	for (int p = max(0, (h - SIZE + STRIDE) / STRIDE); p < P && p * STRIDE <= h; ++p) {
		vec4 row = vec4(0);
		for (int q = max(0, (w - SIZE + STRIDE) / STRIDE); q < Q && q * STRIDE <= w; ++q) {
			row += load_dy(((n * P + p) * Q + q) * C + c, C - c);
		}
		sum += row;
	}
	store_dx(((n * H + h) * W + w) * C + c, C - c, sum * divide(1.0, float(SIZE * SIZE)));
}
