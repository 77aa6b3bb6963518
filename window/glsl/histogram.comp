// counts[bin] = how many elements of a part of a buffer, or of each second, third and so
// on of them, lie in each of the bins from -m to m, the greatest magnitude of its range.
// With finish, counts[bins] is the largest.
layout(local_size_x = 256) in;
layout(std430, binding = 0) readonly buffer values_block { float values[]; };
layout(std430, binding = 1) readonly buffer ranges_block { vec2 ranges[]; };
layout(std430, binding = 2) buffer counts_block { uint counts[]; };
uniform int base, length, every, range, bins, groups, finish;
shared uint own[256];

void main() {
	int id = int(gl_LocalInvocationIndex);
	if (finish != 0) {
		own[id] = id < bins ? counts[id] : 0u;
		for (int half_ = 128; half_ > 0; half_ /= 2) {
			memoryBarrierShared();
			barrier();
			if (id < half_) own[id] = max(own[id], own[id + half_]);
		}
		if (id == 0) counts[bins] = own[0];
	} else {
		own[id] = 0u;
		memoryBarrierShared();
		barrier();
		float most = max(max(-ranges[range].x, ranges[range].y), 1e-30);
		for (int i = (int(gl_WorkGroupID.x) * 256 + id) * every; i < length; i += groups * 256 * every) {
			float v = values[base + i];
			if ((floatBitsToUint(v) & 0x7f800000u) != 0x7f800000u)
				atomicAdd(own[clamp(int((v / most * 0.5 + 0.5) * float(bins)), 0, bins - 1)], 1u);
		}
		memoryBarrierShared();
		barrier();
		if (id < bins && own[id] > 0u) atomicAdd(counts[id], own[id]);
	}
}
