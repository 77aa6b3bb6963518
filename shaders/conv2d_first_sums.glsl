// The gradients dw and db of a convolution of one channel (conv2d_first.glsl): a work
// group adds up what a band of outputs gives to 4·FOURS filters. A team of TEAM members
// shares each four filters: member m adds up every TEAM-th output from the m-th on. Their
// sums are added up in REALS rows, and the rows in their order; the bands' sums are added as
// in split.glsl. That order follows from the shapes alone. A device that computes on the CPU stores
// to shared memory slowly: there an invocation is all members of a row, else it is one. With
// HALVES, for GPUs that have no registers for so many sums, it adds up the first HALF taps of
// its outputs and then the others.
//
//	void take_dw(int i, int left, vec4)   takes the elements i to i+3 of dw, of which there are left
//	void take_db(int k, int left, vec4)
shared float last;
#include "arrived.glsl"

const int TAPS = RS + 1, FILTERS = 4 * FOURS; // the last tap is the bias's
const int QUADS = TAPS * FOURS;               // results of a group in fours: its part of dw, then of db
const int TEAM = MEMBERS * THREADS / FOURS;
const int REALS = FOURS < 8 ? 8 / FOURS : 1;
const int PARTS = QUADS < 256 ? 256 / QUADS : 1; // runs that the bands' sums are added up in
shared float results[4 * QUADS];
#if SPLIT
shared vec4 runs[PARTS * QUADS];
#endif

#if PLAIN
#include "conv2d_first_sums_plain.glsl"
#else
const int APART = THREADS + FOURS; // in team, of an element of all invocations' sums: over the banks
shared float team[16 * APART];

vec4 sums[TAPS];

// add_member adds up one member's outputs, of rows p0 on of image n, whose band of x is
// there, for taps from to before to.
void add_member(int member, int n, int p0, int k, const int from, const int to) {
	int outputs = min(band, P - p0) * Q;
	int at = ((n * P + p0) * Q + member) * K + k, end = ((n * P + p0) * Q + outputs) * K;
	int p = member / Q, q = member % Q, dp = TEAM / Q, dq = TEAM % Q;
	if (k >= K) at = end;
	vec4 dy = get_dy(at < end ? at : 0);
#if ACT != 0
	vec4 y = get_y(at < end ? at : 0);
#endif
	while (at < end) {
#if ACT == 0
		vec4 dz = dy;
#else
		vec4 dz = gradient(dy, y);
#endif
		at += TEAM * K; // the next output is fetched while this one is added
		dy = get_dy(at < end ? at : 0);
#if ACT != 0
		y = get_y(at < end ? at : 0);
#endif
		int first = (p * pitch + q) * STRIDE;
		for (int r = 0; r < R; ++r)
			for (int s = 0; s < S; ++s) {
				int t = r * S + s;
				if (t >= from && t < to) sums[t] = fma(vec4(pixels[first + r * pitch + s]), dz, sums[t]);
			}
		if (to == TAPS) sums[RS] += dz;
		p += dp;
		q += dq;
		if (q >= Q) q -= Q, ++p;
	}
}

// add_taps adds up the sums of four taps from t0 on.
void add_taps(int t0, vec4 a, vec4 b, vec4 c, vec4 d) {
	int id = int(gl_LocalInvocationIndex);
	for (int i = 0; i < 4; ++i) {
		team[i * APART + id] = a[i];
		if (t0 + 1 < TAPS) team[(4 + i) * APART + id] = b[i];
		if (t0 + 2 < TAPS) team[(8 + i) * APART + id] = c[i];
		if (t0 + 3 < TAPS) team[(12 + i) * APART + id] = d[i];
	}
	memoryBarrierShared();
	barrier();
	for (int i = id; i < 4 * FILTERS; i += THREADS) {
		int t = t0 + i / FILTERS, f = i % FOURS * 4 + i / FOURS % 4, at = i / FOURS * APART + i % FOURS;
		if (t < TAPS) {
			float sum = 0.0;
			for (int v = 0; v < REALS; ++v) {
				float row = 0.0;
				for (int m = v; m < THREADS / FOURS; m += REALS) row += team[at + m * FOURS];
				sum += row;
			}
			results[t < RS ? f * RS + t : FILTERS * RS + f] = sum;
		}
	}
	memoryBarrierShared();
	barrier();
}

// add_half adds up the sums of a group for the first HALF taps, and add_rest for the others,
// at constant indices: some drivers don't unroll a loop with barriers, and then keep the array
// that it indexes in memory.
const int HALF = 16;
void add_half() {
#define SUM(t) sums[min(t, RS)]
#define FOUR_TAPS(t) add_taps(t, SUM(t), SUM(t + 1), SUM(t + 2), SUM(t + 3))
	FOUR_TAPS(0);
#if R * S + 1 > 4
	FOUR_TAPS(4);
#endif
#if R * S + 1 > 8
	FOUR_TAPS(8);
#endif
#if R * S + 1 > 12
	FOUR_TAPS(12);
#endif
}
void add_rest() {
#if R * S + 1 > 16
	FOUR_TAPS(16);
#endif
#if R * S + 1 > 20
	FOUR_TAPS(20);
#endif
#if R * S + 1 > 24
	FOUR_TAPS(24);
#endif
}

// add_band adds up what a band of outputs, from row p0 of image n on, gives.
void add_band(int n, int p0) {
	int id = int(gl_LocalInvocationIndex), k = tile * FILTERS + 4 * (id % FOURS);
	load_band(n, p0 * STRIDE - PAD);
	memoryBarrierShared();
	barrier();
#if HALVES
	for (int t = 0; t < HALF; ++t) sums[t] = vec4(0);
	add_member(id / FOURS, n, p0, k, 0, HALF);
	add_half();
	for (int t = HALF; t < TAPS; ++t) sums[t] = vec4(0);
	add_member(id / FOURS, n, p0, k, HALF, TAPS);
#else
	for (int t = 0; t < TAPS; ++t) sums[t] = vec4(0);
#if MEMBERS == 1
	add_member(id / FOURS, n, p0, k, 0, TAPS);
#else
	vec4 all[TAPS];
	for (int t = 0; t < TAPS; ++t) all[t] = vec4(0);
	for (int m = id / FOURS; m < TEAM; m += REALS) {
		add_member(m, n, p0, k, 0, TAPS);
		for (int t = 0; t < TAPS; ++t) all[t] += sums[t], sums[t] = vec4(0);
	}
	for (int t = 0; t < TAPS; ++t) sums[t] = all[t];
#endif
	add_half();
#endif
	add_rest();
}
#endif

// take has the sum of quad i taken.
void take(int i, vec4 sum) {
	int k0 = tile * FILTERS;
	if (i < RS * FOURS) take_dw(k0 * RS + 4 * i, (K - k0) * RS - 4 * i, sum);
	else take_db(k0 + 4 * i - RS * FILTERS, K - k0 - (4 * i - RS * FILTERS), sum);
}

vec4 result(int i) { return vec4(results[4 * i], results[4 * i + 1], results[4 * i + 2], results[4 * i + 3]); }

#if SPLIT
// add_parts adds up what the groups have left if this is the last one, in PARTS runs of
// them, eight loads at a time, and has the sums taken.
void add_parts(bool mine) {
	int id = int(gl_LocalInvocationIndex), length = (splits + PARTS - 1) / PARTS;
	for (int i = id; i < PARTS * QUADS; i += THREADS) {
		vec4 sum = vec4(0);
		int s = i / QUADS * length, end = mine ? min(splits, s + length) : 0;
		for (; s < end; s += 8) {
			vec4 v[8];
			for (int j = 0; j < 8; ++j) v[j] = partial[(min(s + j, end - 1) * tiles + tile) * QUADS + i % QUADS];
			for (int j = 0; j < 8; ++j)
				if (s + j < end) sum += v[j];
		}
		runs[i] = sum;
	}
	memoryBarrierShared();
	barrier();
	for (int i = id; i < QUADS && mine; i += THREADS) {
		vec4 sum = runs[i];
		for (int j = 1; j < PARTS; ++j) sum += runs[i + j * QUADS];
		take(i, sum);
	}
}
#endif

void add_up() {
	int id = int(gl_LocalInvocationIndex), group = group_index();
	tiles = (K + FILTERS - 1) / FILTERS, tile = group % tiles, split = group / tiles;
	add_band(split / bands, split % bands * band);
#if SPLIT
	for (int i = id; i < QUADS; i += THREADS) partial[(split * tiles + tile) * QUADS + i] = result(i);
	add_parts(all_arrived());
#else
	for (int i = id; i < QUADS; i += THREADS) take(i, result(i));
#endif
}
