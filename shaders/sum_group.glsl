// sum_group(v) is Σ v over the work group, pairwise in a fixed order, for every
// invocation. All must call it; THREADS is a power of two.
shared float group_sums[THREADS];

float sum_group(float v) {
	int id = int(gl_LocalInvocationIndex);
	group_sums[id] = v;
	memoryBarrierShared();
	barrier();
	for (int half_width = THREADS / 2; half_width > 0; half_width /= 2) {
		if (id < half_width) group_sums[id] += group_sums[id + half_width];
		memoryBarrierShared();
		barrier();
	}
	float sum = group_sums[0];
	memoryBarrierShared();
	barrier();
	return sum;
}
