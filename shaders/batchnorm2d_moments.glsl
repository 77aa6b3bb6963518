// Joins the count, sum and sum of squared deviations from the mean of two parts: Chan,
// Golub & LeVeque 1983, eq. 2.1. The only difference of large numbers is that of the
// means.
void join(inout int n, inout vec4 sum, inout vec4 squares, int other_n, vec4 other_sum, vec4 other_squares) {
	if (other_n == 0) return;
	if (n == 0) {
		n = other_n;
		sum = other_sum;
		squares = other_squares;
		return;
	}
	float a = float(n), b = float(other_n);
	vec4 delta = divide(other_sum, vec4(b)) - divide(sum, vec4(a));
	squares += other_squares + delta * delta * divide(a * b, a + b);
	sum += other_sum;
	n += other_n;
}

shared int group_counts[THREADS];
shared vec4 group_totals[THREADS];
shared vec4 group_squares[THREADS];

// join_group joins the parts of invocations that are stride apart, by halves in a
// fixed order: share 0 has the whole. All invocations must call it.
void join_group(int share, int shares, int stride, inout int n, inout vec4 sum, inout vec4 squares) {
	int id = int(gl_LocalInvocationIndex);
	for (int left = shares; left > 1; left = (left + 1) / 2) {
		group_counts[id] = n;
		group_totals[id] = sum;
		group_squares[id] = squares;
		memoryBarrierShared();
		barrier();
		if (share < left / 2) {
			int other = id + (left + 1) / 2 * stride;
			join(n, sum, squares, group_counts[other], group_totals[other], group_squares[other]);
		}
		memoryBarrierShared();
		barrier();
	}
}
