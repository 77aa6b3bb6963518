// Tensor $name is read and written in fours, as in tensor_in.glsl and tensor_out.glsl.
#if $vec
layout(std430, binding = BINDING_$name) buffer $name_block { vec4 $name[]; };

vec4 load_$name(int i, int left) { return $name[(base[BINDING_$name] + i) >> 2]; }
void store_$name(int i, int left, vec4 four) { $name[(base[BINDING_$name] + i) >> 2] = four; }
#else
layout(std430, binding = BINDING_$name) buffer $name_block { float $name[]; };

vec4 load_$name(int i, int left) {
	i += base[BINDING_$name];
	return vec4($name[i], left > 1 ? $name[i + 1] : 0.0, left > 2 ? $name[i + 2] : 0.0, left > 3 ? $name[i + 3] : 0.0);
}

void store_$name(int i, int left, vec4 four) {
	i += base[BINDING_$name];
	$name[i] = four.x;
	if (left > 1) $name[i + 1] = four.y;
	if (left > 2) $name[i + 2] = four.z;
	if (left > 3) $name[i + 3] = four.w;
}
#endif
