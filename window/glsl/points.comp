// The curves of the bins, as points: raw, and smoothed over near ones. x is in steps, and
// -1 for a point that there is not yet.
//
//	points: loss, smoothed loss, accuracy, smoothed accuracy; count of each
layout(local_size_x = 64) in;
layout(std430, binding = 0) readonly buffer bins_block { vec4 bins[]; };
layout(std430, binding = 1) writeonly buffer points_block { vec2 points[]; };
layout(std430, binding = 2) readonly buffer next_block { int next; };
uniform int count, bins_count, width, reach;

void main() {
	int i = int(gl_GlobalInvocationID.x);
	if (i >= count) return;
	int used = min((next + width - 1) / width, bins_count);
	int each = max((used + count - 1) / count, 1); // bins of a point
	int first = i * each, span = max(reach * each, used / 60);
	vec4 own = vec4(0.0), near = vec4(0.0);
	for (int b = max(first - span, 0); b < min(first + each + span, used); b++) {
		near += bins[b];
		if (b >= first && b < first + each) own += bins[b];
	}
	float x = own.z > 0.0 ? (float(first) + 0.5 * float(min(each, used - first))) * float(width) : -1.0;
	own /= max(own.z, 1.0);
	near /= max(near.z, 1.0);
	points[i] = vec2(x, own.x);
	points[count + i] = vec2(x, near.x);
	points[2 * count + i] = vec2(x, own.y);
	points[3 * count + i] = vec2(x, near.y);
}
