// What the work groups of a split sum leave for the one that arrives last.
layout(std430, binding = BINDING_split) coherent buffer split_block {
	int arrived[COUNTERS]; // groups of a tile that are done; 0 between dispatches
	vec4 partial[];
};
layout(location = UNIFORM_splits) uniform int splits;
int split, tile, tiles; // set before

// all_arrived reports to every invocation of the group whether it is the last
// of its tile: then the parts of all the others can be read.
bool all_arrived() {
	memoryBarrierBuffer();
	barrier();
	if (gl_LocalInvocationIndex == 0u) {
		memoryBarrierBuffer(); // what barrier() let this one see comes before the count, for all
		last = atomicAdd(arrived[tile], 1) == splits - 1 ? 1.0 : 0.0;
		if (floatBitsToUint(last) != 0u) arrived[tile] = 0;
	}
	memoryBarrier();
	barrier();
	return floatBitsToUint(last) != 0u;
}
