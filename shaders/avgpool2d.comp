// y[n,p,q,c] = 1/SIZE²·Σ over r, s < SIZE of x[n, p·STRIDE+r, q·STRIDE+s, c]:
// glyph.Backend.AvgPool2D, four channels an invocation.
#include "kernel.glsl"
#include "tensor_out.glsl" name=y vec=VEC_C
#include "tensor_in.glsl" name=x vec=VEC_C
layout(location = UNIFORM_N) uniform int N;
layout(location = UNIFORM_H) uniform int H;
layout(location = UNIFORM_W) uniform int W;
layout(location = UNIFORM_C) uniform int C;
layout(location = UNIFORM_P) uniform int P;
layout(location = UNIFORM_Q) uniform int Q;

void main() {
	int fours = (C + 3) / 4, i = invocation_index();
	int c = i % fours * 4, q = i / fours % Q, p = i / (fours * Q) % P, n = i / (fours * Q * P);
	if (n >= N) return; // no barrier follows
	vec4 sum = vec4(0);
	for (int r = 0; r < SIZE; ++r) { // a row at a time: two short sums lose less than a long one
		vec4 row = vec4(0);
		int at = ((n * H + p * STRIDE + r) * W + q * STRIDE) * C + c;
		for (int s = 0; s < SIZE; ++s) row += load_x(at + s * C, C - c);
		sum += row;
	}
	store_y(((n * P + p) * Q + q) * C + c, C - c, sum * divide(1.0, float(SIZE * SIZE)));
}
