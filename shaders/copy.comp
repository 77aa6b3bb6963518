// dst = src: glyph.Backend.Copy, four elements an invocation.
#include "kernel.glsl"
#include "tensor_out.glsl" name=dst binding=0 vec=VEC
#include "tensor_in.glsl" name=src binding=1 vec=VEC
layout(location = 9) uniform int n;

void main() {
	int i = 4 * invocation_index();
	store_dst(i, n - i, load_src(i, n - i));
}
