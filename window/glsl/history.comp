// Adds the rows of the log that are new to the sums of the bins, in one invocation:
// bins[step / width] += (loss, share of hits, 1). next is the first step that is new.
// Rows that the ring no longer has are left out.
layout(local_size_x = 1) in;
layout(std430, binding = 0) readonly buffer clock_block { int clock[]; };
layout(std430, binding = 1) readonly buffer log_block { vec2 rows[]; };
layout(std430, binding = 2) buffer bins_block { vec4 bins[]; };
layout(std430, binding = 3) buffer next_block { int next; };
uniform int clock_at, log_at, log_rows, width, count, steps, batch, last; // last: images of an epoch's last step

void main() {
	int now = clock[clock_at];
	for (int s = max(next, now - log_rows); s < now; s++) {
		vec2 row = rows[log_at + s % log_rows];
		float images = float(s % steps == steps - 1 ? last : batch);
		int bin = min(s / width, count - 1);
		if ((floatBitsToUint(row.x) & 0x7f800000u) != 0x7f800000u)
			bins[bin] += vec4(row.x, row.y / images, 1.0, 0.0);
	}
	next = max(next, now);
}
