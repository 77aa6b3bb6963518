//go:build unix

package cpu_test

import (
	"fmt"
	"math"
	"testing"
	"unsafe"

	"gonum.org/v1/gonum/blas"

	"glyph"
	"glyph/cpu"
	"glyph/cpu/internal/guard"
)

// Sizes of products: to two of the tallest tiles and one row more (12), to two
// of the widest and one column more (32), and deep enough for every turn of the
// loop.
const mostRows, mostCols, mostDepth = 2*12 + 1, 2*32 + 1, 2*16 + 1

// operands is the memory of a product, between pages that fault.
type operands[T float32 | float64] struct{ a, b, c *guard.Pages[T] }

func newOperands[T float32 | float64](t *testing.T, atEnd bool) operands[T] {
	const most = (mostCols + 2) * (mostCols + 2)
	o := operands[T]{guard.New[T](t, most, atEnd), guard.New[T](t, most, atEnd), guard.New[T](t, most, atEnd)}
	for i, p := range []*guard.Pages[T]{o.a, o.b, o.c} {
		r := glyph.NewRand(1, glyph.StreamTest, uint32(i))
		x := p.Slice(most)
		for j := range x {
			x[j] = T(r.Normal())
		}
	}
	return o
}

// gemm is Sgemm or Dgemm.
type gemm[T float32 | float64] func(ta, tb blas.Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int)

// hold computes one product and holds it to plain sums.
func (o operands[T]) hold(t *testing.T, f gemm[T], ta, tb blas.Transpose, m, n, k int, beta T) {
	t.Helper()
	rows, cols := func(t blas.Transpose, r, c int) int { return pick(t == blas.NoTrans, r, c) }, func(t blas.Transpose, r, c int) int { return pick(t == blas.NoTrans, c, r) }
	lda, ldb, ldc := max(1, cols(ta, m, k)+m%2), max(1, cols(tb, k, n)+k%2), max(1, n+n%3)
	a, b := o.a.Slice(size(rows(ta, m, k), cols(ta, m, k), lda)), o.b.Slice(size(rows(tb, k, n), cols(tb, k, n), ldb))
	c := o.c.Slice(size(m, n, ldc))
	before := append([]T(nil), c...)
	f(ta, tb, m, n, k, 1, a, lda, b, ldb, beta, c, ldc)
	u := 0x1p-53
	if unsafe.Sizeof(beta) == 4 {
		u = 0x1p-24
	}
	for i := range c {
		row, col := i/ldc, i%ldc
		want := float64(before[i])
		bound := 0.0
		if col < n {
			want *= float64(beta)
			bound = math.Abs(want)
			for l := range k {
				x := a[pick(ta == blas.NoTrans, row*lda+l, l*lda+row)]
				y := b[pick(tb == blas.NoTrans, l*ldb+col, col*ldb+l)]
				want += float64(x) * float64(y)
				bound += math.Abs(float64(x) * float64(y))
			}
		}
		if d := math.Abs(float64(c[i]) - want); !(d <= 8*u*bound) {
			t.Fatalf("%c%c %d×%d×%d beta %v: c[%d][%d] = %v, want %v ± %v", ta, tb, m, n, k, beta, row, col, c[i], want, 8*u*bound)
		}
	}
}

// size is the length of a matrix without what its last row lacks of a stride.
func size(rows, cols, stride int) int {
	if rows == 0 {
		return 0
	}
	return (rows-1)*stride + cols
}

func pick(yes bool, a, b int) int {
	if yes {
		return a
	}
	return b
}

// Products of every size around the edges of the tiles, on every instruction
// set, between pages that fault.
func TestGemmEdges(t *testing.T) {
	if testing.Short() {
		t.Skip("assembly, which the race detector does not see")
	}
	eachKernel(t, func(t *testing.T) {
		b, ok := cpu.NewBLAS(1)
		if !ok {
			t.Skip("no vector kernels in this build or on this processor")
		}
		defer b.Close() //nolint:errcheck // its backends fail nowhere
		for _, atEnd := range []bool{false, true} {
			t.Run(fmt.Sprint(atEnd), func(t *testing.T) {
				single, double := newOperands[float32](t, atEnd), newOperands[float64](t, atEnd)
				each := func(ta, tb blas.Transpose, m, n, k int) {
					single.hold(t, b.Sgemm, ta, tb, m, n, k, float32((m+k)%2))
					double.hold(t, b.Dgemm, ta, tb, m, n, k, float64((m+k)%2))
				}
				for i := range (mostRows + 1) * (mostCols + 1) {
					for j, ta := range transposes[:2] {
						for l, tb := range transposes[:2] {
							each(ta, tb, i%(mostRows+1), i/(mostRows+1), []int{0, 1, 2, 3, 4, 5, 6, 7, 9, 17, 33}[(i+j+2*l)%11])
						}
					}
				}
				for k := range mostDepth + 1 {
					for i, ta := range transposes[:2] {
						each(ta, transposes[k%2], 5+k%14, 6+3*k%37+i, k)
					}
				}
			})
		}
	})
}

// FuzzGemm is TestGemmEdges with shapes drawn by the fuzzer.
func FuzzGemm(f *testing.F) {
	f.Add(uint8(13), uint8(33), uint8(5), uint8(1))
	f.Fuzz(func(t *testing.T, m, n, k, how uint8) {
		eachKernel(t, func(t *testing.T) {
			b, ok := cpu.NewBLAS(1)
			if !ok {
				t.Skip("no vector kernels")
			}
			defer b.Close() //nolint:errcheck // its backends fail nowhere
			ta, tb := transposes[how%2], transposes[how/2%2]
			rows, cols, depth := int(m)%(mostCols+1), int(n)%(mostCols+1), int(k)%(mostCols+1)
			newOperands[float32](t, how/4%2 == 0).hold(t, b.Sgemm, ta, tb, rows, cols, depth, float32(how/8%2))
			newOperands[float64](t, how/4%2 == 0).hold(t, b.Dgemm, ta, tb, rows, cols, depth, float64(how/8%2))
		})
	})
}
