// dx = dy ⊙ act'(y): glyph.Backend.AddBackward, four elements an invocation.
#include "kernel.glsl"
#include "tensor_out.glsl" name=dx vec=VEC
#include "tensor_in.glsl" name=dy vec=VEC
#include "tensor_in.glsl" name=y vec=VEC
#include "activation.glsl"
#include "dz.glsl"
layout(location = UNIFORM_n) uniform int n;

void main() {
	int i = 4 * invocation_index();
	store_dx(i, n - i, load_dz(i, n - i));
}
