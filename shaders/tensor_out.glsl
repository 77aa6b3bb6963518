// Tensor $name is written in fours: store_$name(i, left, v) writes elements i
// to i+3, but none from the element left on. With $vec, i and left are
// multiples of 4.
#if $vec
layout(std430, binding = BINDING_$name) writeonly buffer $name_block { vec4 $name[]; };

void store_$name(int i, int left, vec4 v) {
	if (left > 0) $name[(base[BINDING_$name] + i) >> 2] = v;
}
#else
layout(std430, binding = BINDING_$name) writeonly buffer $name_block { float $name[]; };

void store_$name(int i, int left, vec4 v) {
	i += base[BINDING_$name];
	if (left > 0) $name[i] = v.x;
	if (left > 1) $name[i + 1] = v.y;
	if (left > 2) $name[i + 2] = v.z;
	if (left > 3) $name[i + 3] = v.w;
}
#endif
