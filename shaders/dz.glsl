// dz = dy ⊙ act'(y), in fours.
vec4 load_dz(int i, int left) {
#if ACT == 0
	return load_dy(i, left);
#else
	return gradient(load_dy(i, left), load_y(i, left));
#endif
}
