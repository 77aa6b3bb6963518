// ranges[first + g] = the least and the greatest finite value of part g of a buffer.
layout(local_size_x = 256) in;
layout(std430, binding = 0) readonly buffer values_block { float values[]; };
layout(std430, binding = 1) readonly buffer parts_block { ivec2 parts[]; }; // (first, length)
layout(std430, binding = 2) writeonly buffer ranges_block { vec2 ranges[]; };
uniform int first;
shared vec2 least[256]; // (least, -greatest)

void main() {
	int id = int(gl_LocalInvocationIndex), g = first + int(gl_WorkGroupID.x);
	ivec2 part = parts[g];
	vec2 r = vec2(3e38);
	for (int i = id; i < part.y; i += 256) {
		float v = values[part.x + i];
		if ((floatBitsToUint(v) & 0x7f800000u) != 0x7f800000u) r = min(r, vec2(v, -v));
	}
	least[id] = r;
	for (int half_ = 128; half_ > 0; half_ /= 2) {
		memoryBarrierShared();
		barrier();
		if (id < half_) least[id] = min(least[id], least[id + half_]);
	}
	if (id == 0) ranges[g] = least[0].x > 2e38 ? vec2(0.0) : vec2(least[0].x, -least[0].y);
}
