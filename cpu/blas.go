package cpu

import (
	"sync"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/blas/gonum"
)

// UseBLAS makes gonum's blas32 and blas64 compute general matrix products on
// the vector kernels and that many workers, for the rest of the program too
// (gonum's mat, for example). 0 workers means one for each processor. It
// reports whether there are such kernels; without, nothing changes.
//
// The backends do not need it: they call the kernels below BLAS, where bias and
// activation join the product.
func UseBLAS(workers int) bool {
	if chosen[float32]() == nil {
		return false
	}
	blas32.Use(&blasFloat32{b: New[float32](workers)})
	blas64.Use(&blasFloat64{b: New[float64](workers)})
	return true
}

// blasFloat32 is gonum's implementation with another Sgemm.
type blasFloat32 struct {
	gonum.Implementation
	mu sync.Mutex // a backend takes one call at a time
	b  *Backend[float32]
}

// Sgemm computes c = alpha·op(a)·op(b) + beta·c.
func (i *blasFloat32) Sgemm(ta, tb blas.Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	if !fits(ta, tb, m, n, k, len(a), lda, len(b), ldb, len(c), ldc) {
		i.Implementation.Sgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc) // nothing to do, or it panics
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.b.multiply(operand(a, lda, ta), operand(b, ldb, tb), m, n, k, alpha, beta, c, ldc)
}

// blasFloat64 is gonum's implementation with another Dgemm.
type blasFloat64 struct {
	gonum.Implementation
	mu sync.Mutex
	b  *Backend[float64]
}

// Dgemm computes c = alpha·op(a)·op(b) + beta·c.
func (i *blasFloat64) Dgemm(ta, tb blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	if !fits(ta, tb, m, n, k, len(a), lda, len(b), ldb, len(c), ldc) {
		i.Implementation.Dgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.b.multiply(operand(a, lda, ta), operand(b, ldb, tb), m, n, k, alpha, beta, c, ldc)
}

func operand[T Float](data []T, stride int, t blas.Transpose) matrix[T] {
	return matrix[T]{data: data, stride: stride, trans: t != blas.NoTrans}
}

// fits reports whether there is a product to compute and its operands are as
// large as they have to be.
func fits(ta, tb blas.Transpose, m, n, k, a, lda, b, ldb, c, ldc int) bool {
	known := func(t blas.Transpose) bool { return t == blas.NoTrans || t == blas.Trans || t == blas.ConjTrans }
	if !known(ta) || !known(tb) || m < 1 || n < 1 || k < 1 {
		return false
	}
	within := func(rows, cols, stride, size int, t blas.Transpose) bool {
		if t != blas.NoTrans {
			rows, cols = cols, rows
		}
		return stride >= cols && size >= (rows-1)*stride+cols
	}
	return within(m, k, lda, a, ta) && within(k, n, ldb, b, tb) && within(m, n, ldc, c, blas.NoTrans)
}

// multiply computes c = alpha·a·b + beta·c on the vector kernels.
func (b *Backend[T]) multiply(x, y matrix[T], m, n, k int, alpha, beta T, c []T, stride int) {
	sum, to := beta, matrix[T]{data: c, stride: stride}
	if alpha != 1 || beta != 0 && beta != 1 {
		to, sum = matrix[T]{data: grow(&b.dz, m*n), stride: n}, 0
	}
	t := &b.dense
	b.fast(&t.fastProduct, product[T]{c: to, a: x, b: y, m: m, n: n, k: k, beta: sum}, &b.packs[0])
	b.pack(&t.fastProduct, nil)
	b.workers.run(t, t.parts())
	if to.stride == stride && &to.data[0] == &c[0] {
		return
	}
	for i := range m {
		row := c[i*stride:][:n]
		for j, v := range to.data[i*n:][:n] {
			if beta == 0 { // what c held does not matter: it may be NaN
				row[j] = alpha * v
			} else {
				row[j] = alpha*v + beta*row[j]
			}
		}
	}
}
