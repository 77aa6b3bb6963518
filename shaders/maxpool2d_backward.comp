// dx of glyph.Backend.MaxPool2DBackward: an element of x gathers dy from each
// window whose first element equal to y it is, so that no two invocations write
// one element and overlapping windows add up in a fixed order.
#include "kernel.glsl"
#include "tensor_out.glsl" name=dx vec=VEC_C
#include "tensor_in.glsl" name=dy vec=VEC_C
#include "tensor_in.glsl" name=y vec=VEC_C
#include "tensor_in.glsl" name=x vec=VEC_C
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
	vec4 own = load_x(((n * H + h) * W + w) * C + c, C - c);
	vec4 sum = vec4(0);
	// Windows (p, q) that cover (h, w), from the first.
	for (int p = max(0, (h - SIZE + STRIDE) / STRIDE); p < P && p * STRIDE <= h; ++p) {
		for (int q = max(0, (w - SIZE + STRIDE) / STRIDE); q < Q && q * STRIDE <= w; ++q) {
			int at = ((n * P + p) * Q + q) * C + c;
			vec4 best = load_y(at, C - c);
			bvec4 first = equal(own, best);
			// The elements before this one in row-major order.
			int before = (h - p * STRIDE) * SIZE + w - q * STRIDE;
			for (int j = 0; j < SIZE * SIZE; ++j) {
				if (j >= before) break;
				int k = ((n * H + p * STRIDE + j / SIZE) * W + q * STRIDE + j % SIZE) * C + c;
				bvec4 other = notEqual(load_x(k, C - c), best);
				first = bvec4(first.x && other.x, first.y && other.y, first.z && other.z, first.w && other.w);
			}
			sum += mix(vec4(0), load_dy(at, C - c), first);
		}
	}
	store_dx(((n * H + h) * W + w) * C + c, C - c, sum);
}
