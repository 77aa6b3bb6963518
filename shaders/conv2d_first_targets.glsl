// targets is t of glyph.Backend.Gather, which lies in the pool as the labels do: the work
// groups share out its elements.
#if GATHER
layout(location = UNIFORM_labels_at) uniform int labels_at; // bytes (Len)
layout(location = UNIFORM_t_at) uniform int t_at;           // (N, Classes)
layout(location = UNIFORM_Classes) uniform int Classes;
layout(location = UNIFORM_on_bits) uniform int on_bits;   // t of the label
layout(location = UNIFORM_off_bits) uniform int off_bits; // t of the others

void targets(int group, int groups) {
	for (int i = group * THREADS + int(gl_LocalInvocationIndex); i < N * Classes; i += groups * THREADS) {
		int j = image_of(i / Classes), c = i % Classes;
		bool on = uint(c) == byte_of(uint(small[labels_at + (j >> 2)]), uint(j));
		small[t_at + i] = on ? on_bits : off_bits;
	}
}
#endif
