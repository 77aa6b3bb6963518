// dst = src: glyph.Backend.Copy, four elements an invocation.
#include "kernel.glsl"
#include "tensor_out.glsl" name=dst vec=VEC
#include "tensor_in.glsl" name=src vec=VEC
layout(location = UNIFORM_n) uniform int n;

void main() {
	int i = 4 * invocation_index();
	store_dst(i, n - i, load_src(i, n - i));
}
