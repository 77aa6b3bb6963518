// The tile of a work group in a product C (M, N) = A (M, K)·B (K, N), for
// gemm.glsl:
//
//	BM×BN    elements of C of a work group, a multiple of 32 each
//	BK       elements of the sum between two barriers
//	TM×TN    elements of C of an invocation, a multiple of 4 each
//	DIRECT   1 where every invocation loads what it multiplies itself
//	AHEAD    1 where it fetches the next block while it multiplies this one
//
// An invocation's rows and columns are taken in fours, one in TX or TY fours,
// so that neighbours read neighbouring vec4s of shared memory.
#pragma optionNV (unroll all) // so that register arrays are indexed by constants
const int TX = BN / TN;
const int TY = BM / TM; // THREADS is TX·TY

// How many steps of the sum are done before its end is checked again.
#if AHEAD
const int DEEP = 4;
#else
const int DEEP = 1; // more would hold more of both factors in registers
#endif

#if DIRECT
const int STEP = 4; // of the sum between two loads
shared float last;
#else
const int STEP = BK;
// Both factors lie with their K rows apart, a row padded by a vec4 to spread
// transposed stores over the banks: at most 17 KB. One such vec4 is split.glsl's.
const int ROW_A = BM / 4 + 1, ROW_B = BN / 4 + 1;
shared vec4 tile_a[BK * ROW_A];
shared vec4 tile_b[BK * ROW_B];
#if !AHEAD
shared vec4 sums[BM]; // over k of four rows of A, of every fourth four of k
#endif
#define last tile_a[BM / 4].x

// Each 4×4 block of a factor is one invocation's to load. Where there are
// enough, A's and B's go to different ones, which hold one block at a time.
const int BLOCKS_A = BM * BK / 16;
const int BLOCKS_B = BN * BK / 16;
#if (BM + BN) * BK / 16 <= THREADS
const int LOADS = 1;
#else
const int LOADS = 2;
#endif
#endif

// What an invocation knows of four lines of a factor all along the sum. Without AHEAD it has
// no registers left for that beside its results, and keeps it in shared memory. Only one
// factor of a product may have such lines.
struct four_lines { ivec4 a, b, c; };
ivec3 line_of(four_lines l, int j) { return ivec3(l.a[j], l.b[j], l.c[j]); }
#if DIRECT || AHEAD
#define HELD_LINES(name) four_lines name;
#define HOLD(place, lines) place.lines = lines
#define HELD(place) place.lines
// HOLD_LINES is HOLD for lines that are asked for one by one.
#define HOLD_LINES(place, lines) HOLD(place, lines)
#define HELD_LINE(place, j) line_of(place.lines, j)
#else
#define HELD_LINES(name)
shared ivec4 held[3 * THREADS];
void hold(four_lines l) {
	int id = int(gl_LocalInvocationIndex);
	held[id] = l.a, held[id + THREADS] = l.b, held[id + 2 * THREADS] = l.c;
}
four_lines get_held() {
	int id = int(gl_LocalInvocationIndex);
	return four_lines(held[id], held[id + THREADS], held[id + 2 * THREADS]);
}
shared int held_lines[12 * THREADS]; // a program has this or held
void hold_lines(four_lines l) {
	for (int j = 0; j < 4; ++j) {
		int at = 3 * (j * THREADS + int(gl_LocalInvocationIndex));
		for (int i = 0; i < 3; ++i) held_lines[at + i] = line_of(l, j)[i];
	}
}
ivec3 held_line(int j) {
	int at = 3 * (j * THREADS + int(gl_LocalInvocationIndex));
	return ivec3(held_lines[at], held_lines[at + 1], held_lines[at + 2]);
}
#define HOLD(place, lines) hold(lines)
#define HELD(place) get_held()
#define HOLD_LINES(place, lines) hold_lines(lines)
#define HELD_LINE(place, j) held_line(j)
#endif

// Without AHEAD, a factor that is read number by number is read in fours along m or n, for
// one k after the other, and stored to the tile at once.
#if !(DIRECT || AHEAD)
#define BY_FOURS 1
#else
#define BY_FOURS 0
#endif

// With BY_TWOS, which a kernel of two products needs, so is every factor that does not lie
// along k, and two fours of B are loaded at a time.
#ifndef BY_TWOS
#define BY_TWOS 0
#endif

// block is a 4×4 block of a factor as it was read: four times four neighbours in
// memory. What was not there was read elsewhere, and has no bit in ok: bit i for
// the four neighbours of v[i], or bit 4·i+j for v[i][j].
struct block {
	vec4 v[4];
#ifdef HOLDS_Y
	vec4 y[4]; // of dz, which is computed when it is used
#endif
	int ok;
};

vec4 chosen(bool ok, vec4 v) { return ok ? v : vec4(0); }
vec4 chosen(int ok, vec4 v) {
	return vec4((ok & 1) != 0 ? v.x : 0.0, (ok & 2) != 0 ? v.y : 0.0, (ok & 4) != 0 ? v.z : 0.0, (ok & 8) != 0 ? v.w : 0.0);
}
