// Tensor $name is read in fours: load_$name(i, left) is its elements i to i+3,
// with zeros from the element left on. With $vec, i and left are multiples of 4.
#if $vec
layout(std430, binding = BINDING_$name) readonly buffer $name_block { vec4 $name[]; };

vec4 load_$name(int i, int left) {
	return left > 0 ? $name[(base[BINDING_$name] + i) >> 2] : vec4(0);
}
#else
layout(std430, binding = BINDING_$name) readonly buffer $name_block { float $name[]; };

vec4 load_$name(int i, int left) {
	i += base[BINDING_$name];
	return vec4(left > 0 ? $name[i] : 0.0, left > 1 ? $name[i + 1] : 0.0,
		left > 2 ? $name[i + 2] : 0.0, left > 3 ? $name[i + 3] : 0.0);
}
#endif
