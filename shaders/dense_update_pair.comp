// dense_update.comp for two layers at once, the second before the first: its output is
// x of the first, which has no activation. The first tiles_first work groups are the first's.
#include "kernel.glsl"
#include "factor_dz.glsl"
#define BY_TWOS 1 // for want of registers
#include "tile.glsl"
#include "tensor_in.glsl" name=dy vec=VEC_OUT
#include "tensor_in.glsl" name=x vec=VEC_IN
#include "tensor_in.glsl" name=dy2 vec=VEC_OUT2
#include "tensor_in.glsl" name=x2 vec=VEC_IN2
#include "activation.glsl"
#include "optimizer_store.glsl"
layout(location = UNIFORM_N) uniform int N;
layout(location = UNIFORM_tiles_first) uniform int tiles_first;

#include "dense_update.glsl" l= dy=dy dz=0 y=none x=x vec_out=VEC_OUT vec_in=VEC_IN split=0
// The invocation's number, so that no compiler knows it for the first product's: what both
// make of it would be computed before either, and held in registers all along.
#define INVOCATION (int(gl_LocalInvocationIndex) + min(tiles_first, 0))
#include "dense_update.glsl" l=2 dy=dy2 dz=1 y=x x=x2 vec_out=VEC_OUT2 vec_in=VEC_IN2 split=0

void main() {
	int group = group_index();
	if (group < tiles_first) {
		int columns = (In + BN - 1) / BN;
		layer(group / columns * BM, group % columns * BN, 0, N);
		if (group == 0) update_rests();
	} else {
		group -= tiles_first;
		int columns = (In2 + BN - 1) / BN;
		layer2(group / columns * BM, group % columns * BN, 0, N);
		if (group == 0) update_rests2();
	}
	advance();
}
