// The tile of a work group in a product C (M, N) = A (M, K)·B (K, N), for
// gemm.glsl:
//
//	BM×BN    elements of C of a work group, a multiple of 32 each
//	BK       elements of the sum between two barriers
//	TM×TN    elements of C of an invocation, a multiple of 4 each
//
// An invocation's rows and columns are taken in fours, one in TX or TY fours,
// so that neighbours read neighbouring vec4s of shared memory.
#pragma optionNV (unroll all) // so that register arrays are indexed by constants
const int TX = BN / TN;
const int TY = BM / TM; // THREADS is TX·TY

// Both factors lie with their K rows apart, a row padded by a vec4 to spread
// transposed stores over the banks: at most 17 KB.
shared vec4 tile_a[BK][BM / 4 + 1];
shared vec4 tile_b[BK][BN / 4 + 1];

// Each 4×4 block of a factor is one invocation's to load. Where there are
// enough, A's and B's go to different ones, which hold one block at a time.
const int BLOCKS_A = BM * BK / 16;
const int BLOCKS_B = BN * BK / 16;
#if (BM + BN) * BK / 16 <= THREADS
const int LOADS = 1;
#else
const int LOADS = 2;
#endif
