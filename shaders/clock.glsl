// sum_lanes is the sum of LANES numbers, pairwise in a fixed order, however many
// invocations do it: lanes has them. All invocations must call it.
const int LANES = 256;
shared float lanes[LANES];

float sum_lanes() {
	int id = int(gl_LocalInvocationIndex);
	memoryBarrierShared();
	barrier();
	for (int half_width = LANES / 2; half_width > 0; half_width /= 2) {
		for (int i = id; i < half_width; i += THREADS) lanes[i] += lanes[i + half_width];
		memoryBarrierShared();
		barrier();
	}
	float sum = lanes[0];
	memoryBarrierShared();
	barrier();
	return sum;
}
