// y[n,p,q,c] = max over r, s < SIZE of x[n, p·STRIDE+r, q·STRIDE+s, c]:
// glyph.Backend.MaxPool2D, four channels an invocation. A NaN in the window
// makes a NaN.
#include "kernel.glsl"
#include "tensor_out.glsl" name=y vec=VEC_C
#include "tensor_in.glsl" name=x vec=VEC_C
#include "nan.glsl"
layout(location = UNIFORM_N) uniform int N;
layout(location = UNIFORM_H) uniform int H;
layout(location = UNIFORM_W) uniform int W;
layout(location = UNIFORM_C) uniform int C;
layout(location = UNIFORM_P) uniform int P;
layout(location = UNIFORM_Q) uniform int Q;

float greatest(float best, float v) { return is_nan(best) ? best : is_nan(v) || v > best ? v : best; }

void main() {
	int fours = (C + 3) / 4, i = invocation_index();
	int c = i % fours * 4, q = i / fours % Q, p = i / (fours * Q) % P, n = i / (fours * Q * P);
	if (n >= N) return; // no barrier follows
	vec4 best = vec4(0);
	for (int r = 0; r < SIZE; ++r) {
		for (int s = 0; s < SIZE; ++s) {
			int at = ((n * H + p * STRIDE + r) * W + q * STRIDE + s) * C + c;
			vec4 v = load_x(at, C - c);
			if (r == 0 && s == 0) best = v;
			for (int j = 0; j < 4; ++j) best[j] = greatest(best[j], v[j]);
		}
	}
	store_y(((n * P + p) * Q + q) * C + c, C - c, best);
}
