// y = act(a + b): glyph.Backend.Add, four elements an invocation.
#include "kernel.glsl"
#include "tensor_out.glsl" name=y vec=VEC
#include "tensor_in.glsl" name=a vec=VEC
#include "tensor_in.glsl" name=b vec=VEC
#include "activation.glsl"
layout(location = UNIFORM_n) uniform int n;

void main() {
	int i = 4 * invocation_index();
	store_y(i, n - i, activate(load_a(i, n - i) + load_b(i, n - i)));
}
