// The gradients dw and db of glyph.Backend.DenseBackward, and glyph.Backend.Optimize
// with them, which are not written.
#include "kernel.glsl"
#include "factor_dz.glsl"
#include "tile.glsl"
#include "tensor_in.glsl" name=dy vec=VEC_OUT
#include "tensor_in.glsl" name=y vec=VEC_OUT
#include "tensor_in.glsl" name=x vec=VEC_IN
#include "activation.glsl"
#include "optimizer_store.glsl"
layout(location = UNIFORM_N) uniform int N;
#include "split.glsl"
#include "dense_update.glsl" l= dy=dy dz=1 y=y x=x vec_out=VEC_OUT vec_in=VEC_IN split=SPLIT

void main() {
	ivec2 at = find_tile(group_index(), Out, In), n = part_of(N);
	layer(at.x, at.y, n.x, n.y);
	if (group_index() == 0) update_rests();
	advance();
}
