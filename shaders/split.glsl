// A sum that is long beside its few results is split: work group (split, tile)
// sums one part, keeps it in partial, and the group of a tile that arrives
// last adds the parts up, in the order of the splits whichever it is, so that
// the result is the same bits every time.
layout(std430, binding = BINDING_split) coherent buffer split_block {
	int arrived[COUNTERS]; // groups of a tile that are done; 0 between dispatches
	vec4 partial[];    // (splits, tiles, PARTIAL)
};
layout(location = UNIFORM_splits) uniform int splits;
layout(location = UNIFORM_split_length) uniform int split_length;

// An invocation's results, and the sums over k of one row of loaders.
const int PARTIAL = TM * TN / 4 * THREADS + BM / 4;
int split, tile, tiles; // set by find_tile

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

// find_tile finds which part of the sum and which tile of a product (m, n) a work group
// has, and where the tile begins.
ivec2 find_tile(int group, int m, int n) {
	int columns = (n + BN - 1) / BN;
	tiles = (m + BM - 1) / BM * columns;
	split = group / tiles;
	tile = group % tiles;
	return ivec2(tile / columns * BM, tile % columns * BN);
}

// part_of is where the group's part of a sum of length k begins and ends.
ivec2 part_of(int k) { return ivec2(split * split_length, min(k, (split + 1) * split_length)); }
