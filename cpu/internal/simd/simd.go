// Package simd has the inner loops of the CPU backend in vector instructions:
// blocks of matrix products and the element-wise work of training, with
// AVX-512 or AVX2 on float32 and float64, chosen when the program starts.
//
// They are written with Go's simd/archsimd and so exist only in programs built
// with GOEXPERIMENT=simd for amd64. Elsewhere, and on processors without AVX2
// and FMA, For returns none and package cpu does everything on gonum.
//
// The kernels of the four kinds of vector come from one text: go generate.
package simd

//go:generate go run generate.go

// Float is the type of number a kernel computes in.
type Float interface{ float32 | float64 }

// Rows is the height of a tile. With two vectors of width that is eight
// accumulators, as many as leave registers for the operands: Go 1.26 gives out
// 15 vector registers.
const Rows = 4

// Tile is a block of Rows×N of a matrix product, as Kernels.Tile computes it
// (Goto & van de Geijn 2008, §4: the innermost of their loops):
//
//	C[i][j] = Init[i][j] + Σ_s Σ_k A[i][s·ASeg + k·KS]·B[s·BSeg + k·LDB + j]
//
// over s < Segs and k < K, and then ReLU if asked for. A reduction in segments
// serves convolution, whose patches lie in rows of the image, so nothing needs
// to be laid out as a matrix. Where fewer rows are wanted the last is given
// again: it is computed again, to the same bits. Strides are in elements.
type Tile[T Float] struct {
	A, C, Init [Rows]*T
	B          *T
	N          int // columns, at most Kernels.Width
	Segs, K    int
	KS, ASeg   int
	LDB, BSeg  int
	ReLU       bool
}

// Dots is a block of Rows×2 inner products of K elements:
//
//	C[i][j] = Σ_k A[i][k]·B[j][k]
//
// It serves products with a transposed matrix too large to be laid out anew
// for a few rows.
type Dots[T Float] struct {
	A [Rows]*T
	B [2]*T
	K int
	C [2 * Rows]T // (Rows, 2)
}

// Kernels is the inner loops for one type of number. Slices that go together
// are as long as the first.
type Kernels[T Float] struct {
	Name  string // "avx512" or "avx2"
	Lanes int    // numbers in a vector
	Width int    // columns of a tile, two vectors

	// FMA does 24·n multiplications and additions of vectors on registers alone,
	// none waiting for another: the most that a core does.
	FMA func(n int) T

	Tile func(t *Tile[T])
	Dot  func(d *Dots[T])

	// Transpose makes columns of rows: dst[i·width + j] = w[j·stride + i] for
	// i < k and j < n.
	Transpose func(dst, w []T, stride, n, k, width int)
	// Add adds src to dst, and Columns adds each row of m, len(dst) wide and
	// stride apart, to dst.
	Add     func(dst, src []T)
	Columns func(dst, m []T, rows, stride int)
	// ReLUGrad is dz = dy where y > 0, and 0 elsewhere.
	ReLUGrad func(dz, dy, y []T)
	// LeakyReLU is z = slope·z where z < 0, and LeakyReLUGrad dz = dy where
	// y > 0, and slope·dy elsewhere.
	LeakyReLU     func(z []T, slope T)
	LeakyReLUGrad func(dz, dy, y []T, slope T)
	// Max2x2 is y = the greatest of each 2×2 window of two lines of pixels with
	// c channels, or NaN where one is. Max2x2Grad gives dy to the first element
	// of its window that equals y and 0 to the others.
	Max2x2     func(y, upper, lower []T, c int)
	Max2x2Grad func(dUpper, dLower, dy, y, upper, lower []T, c int)
	// SGD is w -= lr·(g + l2·w). Momentum is m = mu·m + g + l2·w; w -= lr·m.
	// Adam is that of glyph.Optimizer.
	SGD      func(w, g []T, lr, l2 T)
	Momentum func(w, m, g []T, lr, mu, l2 T)
	Adam     func(w, m, v, g []T, a AdamRates[T])
	// Dropout is y = scale·x where the element's word of Philox is at least
	// threshold, and 0 elsewhere: see glyph.Mask. The counter is that of x[0].
	// It is nil where there is none.
	Dropout func(y, x []T, counter [4]uint32, key [2]uint32, threshold uint32, scale T)
	// Normalise is x = (pixel - mean)·scale.
	Normalise func(x []T, pixels []byte, mean, scale T)
	// Squares is Σ x², of at most 11 roundings of a T one after the other: the
	// rest is summed in float64.
	Squares func(x []T) float64
}

// AdamRates is the numbers of a step of Adam; CorrectM is 1/(1-β₁ᵗ).
type AdamRates[T Float] struct {
	LR, Beta1, Beta2, Eps, L2, Decay T
	CorrectM, CorrectV               T
}

// For is the kernels that this processor runs, the fastest first.
func For[T Float]() []*Kernels[T] {
	var zero T
	var k any
	switch any(zero).(type) {
	case float32:
		k = kernels32()
	case float64:
		k = kernels64()
	}
	return k.([]*Kernels[T])
}
