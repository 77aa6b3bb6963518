// The last layer and the loss: the logits x·wᵀ + b as in dense_skinny.comp, what
// softmax.comp makes of them, and with DX the gradient dx = dlogits·w, in the order of
// dense_backward.comp and by multiply-adds as there, with DROP after the dropout before
// the layer. A work group does ROWS samples. loss and hits lie in the pool.
#include "kernel.glsl"
#pragma optionNV (unroll all) // so that register arrays are indexed by constants
#include "tensor_out.glsl" name=dlogits vec=0
#include "tensor_out.glsl" name=dx vec=VEC_IN
#include "tensor_in.glsl" name=b vec=0
#include "tensor_in.glsl" name=t vec=0
#include "small.glsl"
#include "dense_skinny.glsl"
layout(location = UNIFORM_loss_at) uniform int loss_at;
layout(location = UNIFORM_hits_at) uniform int hits_at;

#include "dropout.glsl"
layout(location = UNIFORM_clock_at) uniform int clock_at;

int n0; // the first sample
shared float logits[ROWS][CLASSES];
shared float gradients[ROWS][CLASSES];

float logits_of(int r, int c) { return logits[r][c]; }
float t_of(int r, int c) { return t[base[BINDING_t] + (n0 + r) * CLASSES + c]; }
void take_loss(int r, float v) { small[loss_at + n0 + r] = floatBitsToInt(v); }
void take_hits(int r, float v) { small[hits_at + n0 + r] = floatBitsToInt(v); }
void take_dlogits(int r, int c, float v) {
	gradients[r][c] = v;
	dlogits[base[BINDING_dlogits] + (n0 + r) * CLASSES + c] = v;
}
#include "softmax.glsl"

void main() {
	int id = int(gl_LocalInvocationIndex);
	n0 = group_index() * ROWS;
	for (int o0 = 0; o0 < CLASSES; o0 += COLUMNS) {
		float z = skinny(n0, o0);
		int r = id / COLUMNS, o = o0 + id % COLUMNS;
		if (id < RESULTS && o < CLASSES) {
#if BIAS
			z += b[base[BINDING_b] + o];
#endif
			logits[r][o] = z;
		}
	}
	memoryBarrierShared();
	barrier();
	if (id < ROWS && n0 + id < N) softmax(id, N);
#if DX
	memoryBarrierShared();
	barrier();
	int fours = (In + 3) / 4;
	for (int j = id; j < ROWS * fours; j += THREADS) {
		int r = j / fours, i = j % fours * 4;
		if (n0 + r >= N) break; // no barrier follows
		vec4 v = vec4(0);
		for (int o = 0; o < CLASSES; ++o) v = fma(vec4(gradients[r][o]), load_w(o * In + i, In - i), v);
#if DROP
		v = dropped((n0 + r) * In + i, small[clock_at], v);
#endif
		store_dx((n0 + r) * In + i, In - i, v);
	}
#endif
}
