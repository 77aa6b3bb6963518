// A convolution of one input channel, usually a network's first,
//
//	x (N, H, W, 1)   w (K, R, S, 1)   y (N, P, Q, K)
//
// with K a multiple of 4. Its sums have R·S terms, too few for the products of conv2d.glsl.
// A work group keeps a band of an image with its border in shared memory, and an invocation
// works on four filters. PLAIN is for a compiler that makes nothing of that: every result is
// added up in the same order, but by itself, and neither pixels nor sums are kept.
#if !PLAIN
#pragma optionNV (unroll all) // so that register arrays are indexed by constants
#endif
layout(location = UNIFORM_N) uniform int N;
layout(location = UNIFORM_H) uniform int H;
layout(location = UNIFORM_W) uniform int W;
layout(location = UNIFORM_P) uniform int P;
layout(location = UNIFORM_Q) uniform int Q;
layout(location = UNIFORM_K) uniform int K;
layout(location = UNIFORM_PAD) uniform int PAD;
layout(location = UNIFORM_bands) uniform int bands; // of an image,
layout(location = UNIFORM_band) uniform int band;   // each so many rows of outputs
layout(location = UNIFORM_rows) uniform int rows;   // of x that a band needs,
layout(location = UNIFORM_pitch) uniform int pitch; // and columns, from -PAD on
const int RS = R * S;

#include "conv2d_first_pixels.glsl"

#if !PLAIN
shared float pixels[PIXELS]; // (rows, pitch)

// load_band has the group load the band of image n whose first row is h0.
void load_band(int n, int h0) {
	begin_image(n);
	const int WIDE = THREADS < 32 ? THREADS : 32, HIGH = THREADS / WIDE; // columns and rows loaded at once
	const int DEEP = 4;                                                  // loads under way
	int id = int(gl_LocalInvocationIndex), i0 = id / WIDE;
	for (int j = id % WIDE; j < pitch; j += WIDE) {
		int w = j - PAD;
		for (int i = i0; i < rows; i += DEEP * HIGH) {
			float v[DEEP];
			for (int d = 0; d < DEEP; ++d) v[d] = pixel_at(h0 + i + d * HIGH, w);
			for (int d = 0; d < DEEP; ++d)
				if (i + d * HIGH < rows) pixels[(i + d * HIGH) * pitch + j] = v[d];
		}
	}
}
#endif
