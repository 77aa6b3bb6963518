// How a tensor is read in blocks for gemm.glsl, under the name $name. The includer
// has included tensor_in.glsl for it, with $vec as there. With $dz it is a dy, and what
// is read is dz = dy ⊙ act'(y) with y in $y, which may be any name without.
//
//	void $name_read(inout block b, int i, int at, bool ok)     with $vec: the four from at on
//	void $name_pick(inout block b, int i, ivec4 at, int ok)    without: any four
//	mat4 $name_values(block b)                                 the block's, zeros where it has none
#if $vec
void $name_read(inout block b, int i, int at, bool ok) {
	at = ok ? at : 0;
	b.v[i] = get_$tensor(at);
#if $dz && defined(HOLDS_Y)
	b.y[i] = get_$y(at);
#elif $dz && ACT != 0
	b.v[i] = gradient(b.v[i], get_$y(at));
#endif
	b.ok |= ok ? 1 << i : 0;
}
#else
void $name_pick(inout block b, int i, ivec4 at, int ok) {
	at = ivec4((ok & 1) != 0 ? at.x : 0, (ok & 2) != 0 ? at.y : 0, (ok & 4) != 0 ? at.z : 0, (ok & 8) != 0 ? at.w : 0);
	b.v[i] = pick_$tensor(at);
#if $dz && defined(HOLDS_Y)
	b.y[i] = pick_$y(at);
#elif $dz && ACT != 0
	b.v[i] = gradient(b.v[i], pick_$y(at));
#endif
	b.ok |= ok << 4 * i;
}
#endif

vec4 $name_value(block b, int i) {
	vec4 v = b.v[i];
#if $dz && defined(HOLDS_Y)
	v = gradient(v, b.y[i]);
#endif
#if $vec
	return chosen((b.ok & 1 << i) != 0, v);
#else
	return chosen(b.ok >> 4 * i, v);
#endif
}

// $name_four is four as $name_value gives them.
#if $vec
vec4 $name_four(int at, bool ok) {
#if $dz && ACT != 0 && !(DIRECT || AHEAD)
	if (!ok) return vec4(0); // a branch keeps compilers from loading the next, for want of registers
	return gradient(get_$tensor(at), get_$y(at));
#else
	block b;
	b.ok = 0;
	$name_read(b, 0, at, ok);
	return $name_value(b, 0);
#endif
}
#else
vec4 $name_four(ivec4 at, int ok) {
	block b;
	b.ok = 0;
	$name_pick(b, 0, at, ok);
	return $name_value(b, 0);
}
#endif

mat4 $name_values(block b) { return mat4($name_value(b, 0), $name_value(b, 1), $name_value(b, 2), $name_value(b, 3)); }
