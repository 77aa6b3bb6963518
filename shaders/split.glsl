// A sum that is long beside its few results is split: work group (split, tile)
// sums one part, keeps it in partial, and the group of a tile that arrives
// last adds the parts up, in the order of the splits whichever it is, so that
// the result is the same bits every time.
layout(std430, binding = BINDING_split) coherent buffer split_block {
	int arrived[COUNTERS]; // groups of a tile that are done; 0 between dispatches
	vec4 partial[];    // (splits, tiles, PARTIAL)
};
layout(location = UNIFORM_splits) uniform int splits;

// An invocation's results, and the sums over k of one row of loaders.
const int PARTIAL = TM * TN / 4 * THREADS + BM / 4;
int split, tile, tiles; // set by main

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

int partial_of(int s) { return (s * tiles + tile) * PARTIAL; }
