// Elements i to i+3 of the patch of output number npq, zeros outside.
#if VEC_C
vec4 patch_x(int npq, int i) {
	int at = patch_index(npq, i);
	return load_x(max(at, 0), at < 0 ? 0 : 4);
}
#else
float patch_element(int npq, int i) {
	int at = patch_index(npq, i);
	return at < 0 ? 0.0 : x[base[BINDING_x] + at];
}

vec4 patch_x(int npq, int i) {
	return vec4(patch_element(npq, i), patch_element(npq, i + 1), patch_element(npq, i + 2), patch_element(npq, i + 3));
}
#endif
