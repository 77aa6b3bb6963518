package cpu

import (
	"errors"
	"sync"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// BLAS is gonum's implementation with general matrix products on the vector
// kernels. The caller installs it:
//
//	blas32.Use(b)
//	blas64.Use(b)
//
// for the whole program (gonum's mat, for example). The backends do not
// need it: they call the kernels below BLAS, where bias and activation join the
// product.
type BLAS struct {
	gonum.Implementation
	single products[float32]
	double products[float64]
}

var (
	_ blas.Float32 = (*BLAS)(nil)
	_ blas.Float64 = (*BLAS)(nil)
)

// NewBLAS makes a BLAS with that many workers for each precision; 0 means one
// for each processor. It is false if there are no vector kernels.
func NewBLAS(workers int) (*BLAS, bool) {
	if chosen[float32]() == nil {
		return nil, false
	}
	b := &BLAS{}
	b.single.b, b.double.b = New[float32](workers), New[float64](workers)
	return b, true
}

// Close stops the workers. From then on gonum computes the products.
func (b *BLAS) Close() error { return errors.Join(b.single.close(), b.double.close()) }

// Sgemm computes c = alpha·op(a)·op(b) + beta·c.
func (i *BLAS) Sgemm(ta, tb blas.Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	if !fits(ta, tb, m, n, k, len(a), lda, len(b), ldb, len(c), ldc) || // nothing to do, or it panics
		!i.single.multiply(operand(a, lda, ta), operand(b, ldb, tb), m, n, k, alpha, beta, c, ldc) {
		i.Implementation.Sgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
	}
}

// Dgemm computes c = alpha·op(a)·op(b) + beta·c.
func (i *BLAS) Dgemm(ta, tb blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	if !fits(ta, tb, m, n, k, len(a), lda, len(b), ldb, len(c), ldc) ||
		!i.double.multiply(operand(a, lda, ta), operand(b, ldb, tb), m, n, k, alpha, beta, c, ldc) {
		i.Implementation.Dgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
	}
}

// products multiplies for any number of goroutines: a backend takes one call at
// a time.
type products[T Float] struct {
	mu sync.Mutex
	b  *Backend[T]
}

func (p *products[T]) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.Close()
}

// multiply computes c = alpha·x·y + beta·c, or reports that it is closed.
func (p *products[T]) multiply(x, y matrix[T], m, n, k int, alpha, beta T, c []T, stride int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.b.closed {
		return false
	}
	p.b.multiply(x, y, m, n, k, alpha, beta, c, stride)
	return true
}

func operand[T Float](data []T, stride int, t blas.Transpose) matrix[T] {
	return matrix[T]{data: data, stride: stride, trans: t != blas.NoTrans}
}

// fits reports whether there is a product to compute and its operands are as
// large enough.
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
