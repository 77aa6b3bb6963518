shared vec4 group_a[THREADS];
shared vec4 group_b[THREADS];

// sum_group adds up two vectors of invocations that are stride apart, by halves in a
// fixed order: share 0 has the sums. All invocations must call it.
void sum_group(int share, int shares, int stride, inout vec4 a, inout vec4 b) {
	int id = int(gl_LocalInvocationIndex);
	for (int left = shares; left > 1; left = (left + 1) / 2) {
		group_a[id] = a;
		group_b[id] = b;
		memoryBarrierShared();
		barrier();
		if (share < left / 2) {
			int other = id + (left + 1) / 2 * stride;
			a += group_a[other];
			b += group_b[other];
		}
		memoryBarrierShared();
		barrier();
	}
}
