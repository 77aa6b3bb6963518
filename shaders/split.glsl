// A sum that is long beside its few results is split: work group (split, tile)
// sums one part, keeps it in partial, and the group of a tile that arrives
// last adds the parts up, in the order of the splits whichever it is, so that
// the result is the same bits every time.
#include "arrived.glsl"
layout(location = UNIFORM_split_length) uniform int split_length;

// An invocation's results, and the sums over k of one row of loaders: partial is (splits,
// tiles, PARTIAL).
const int PARTIAL = TM * TN / 4 * THREADS + BM / 4;

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
