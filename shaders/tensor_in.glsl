// Tensor $name is read in fours. get_$name(i) is its elements i to i+3, which must
// be there; with $vec, i is a multiple of 4. pick_$name(at) is any four elements.
// load_$name(i, left) is elements i to i+3 with zeros from the element left on,
// where left may be 0 or less. Nothing waits behind a branch: what is not there is
// read at another place and left out by selection, since zero times NaN is NaN.
// With TEXELS the tensor is a buffer texture, which software OpenGL reads faster.
#if defined(TEXELS) && TEXELS
#if $vec
uniform samplerBuffer quads_$name;
vec4 get_$name(int i) { return texelFetch(quads_$name, (base[BINDING_$name] + i) >> 2); }
#else
uniform samplerBuffer texels_$name;
float one_$name(int i) { return texelFetch(texels_$name, base[BINDING_$name] + i).x; }
#endif
#elif $vec
layout(std430, binding = BINDING_$name) readonly buffer $name_block { vec4 $name[]; };
vec4 get_$name(int i) { return $name[(base[BINDING_$name] + i) >> 2]; }
#else
layout(std430, binding = BINDING_$name) readonly buffer $name_block { float $name[]; };
float one_$name(int i) { return $name[base[BINDING_$name] + i]; }
#endif

#if $vec
vec4 load_$name(int i, int left) {
	vec4 v = get_$name(left > 0 ? i : 0);
	return left > 0 ? v : vec4(0);
}
#else
vec4 pick_$name(ivec4 at) { return vec4(one_$name(at.x), one_$name(at.y), one_$name(at.z), one_$name(at.w)); }
vec4 load_$name(int i, int left) {
	vec4 v = pick_$name(ivec4(left > 0 ? i : 0, left > 1 ? i + 1 : 0, left > 2 ? i + 2 : 0, left > 3 ? i + 3 : 0));
	return vec4(left > 0 ? v.x : 0.0, left > 1 ? v.y : 0.0, left > 2 ? v.z : 0.0, left > 3 ? v.w : 0.0);
}
#endif
