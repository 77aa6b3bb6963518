// The gradients of conv2d_first_backward.comp, and glyph.Backend.Optimize with them, which
// are not written. GATHER is as in conv2d_first.comp, by the same clock.
#include "kernel.glsl"
#include "tensor_in.glsl" name=dy vec=1
#include "tensor_in.glsl" name=y vec=1
#include "activation.glsl"
#include "optimizer_store.glsl"
#include "conv2d_first.glsl"
layout(location = UNIFORM_w_at) uniform int w_at;
layout(location = UNIFORM_w_end) uniform int w_end;
layout(location = UNIFORM_b_at) uniform int b_at; // -1 for none
layout(location = UNIFORM_b_end) uniform int b_end;

void take_dw(int i, int left, vec4 v) { update_four(w_at + i, left, v); }
void take_db(int k, int left, vec4 v) { update_four(b_at + k, b_at < 0 ? 0 : left, v); }

#include "conv2d_first_sums.glsl"

void main() {
	begin_updates();
	add_up();
	if (group_index() == 0) {
		update_rest(w_at + K * RS, w_end);
		update_rest(b_at + K, b_end);
	}
	advance();
}
