package cpu

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"
)

// gemmFunc is BLAS's general matrix product: c = alpha·op(a)·op(b) + beta·c.
type gemmFunc[T Float] func(ta, tb blas.Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int)

// blasGemm is the product of gonum's implementation in use, so that blas32.Use
// and blas64.Use replace it here too.
func blasGemm[T Float]() gemmFunc[T] {
	var f any
	switch any(T(0)).(type) {
	case float32:
		f = gemmFunc[float32](blas32.Implementation().Sgemm)
	case float64:
		f = gemmFunc[float64](blas64.Implementation().Dgemm)
	}
	return f.(gemmFunc[T])
}

// Tiles of a product: 3 blocks of gonum's 64×64, the most that it computes on
// the calling goroutine.
const (
	tileRows = 64
	tileCols = 192
)

// matrix is a row-major matrix, or the transpose of one, as an operand.
type matrix[T Float] struct {
	data   []T
	stride int
	trans  bool
}

// rows is the operand from row i on; cols from column j on.
func (m matrix[T]) rows(i int) matrix[T] {
	if m.trans {
		m.data = m.data[i:]
	} else {
		m.data = m.data[i*m.stride:]
	}
	return m
}

func (m matrix[T]) cols(j int) matrix[T] {
	m.trans = !m.trans
	m = m.rows(j)
	m.trans = !m.trans
	return m
}

func (m matrix[T]) op() blas.Transpose {
	if m.trans {
		return blas.Trans
	}
	return blas.NoTrans
}

// product is c = a·b + beta·c for an m×k by k×n product, in tiles.
type product[T Float] struct {
	c, a, b matrix[T]
	m, n, k int
	beta    T
}

// tiles is how many tiles c has.
func (p *product[T]) tiles() int { return ceil(p.m, tileRows) * ceil(p.n, tileCols) }

// tile computes tile i and returns its bounds.
func (p *product[T]) tile(gemm gemmFunc[T], i int) (r0, r1, c0, c1 int) {
	across := ceil(p.n, tileCols)
	r0, r1 = span(i/across, tileRows, p.m)
	c0, c1 = span(i%across, tileCols, p.n)
	a, b := p.a.rows(r0), p.b.cols(c0)
	gemm(a.op(), b.op(), r1-r0, c1-c0, p.k, 1, a.data, a.stride, b.data, b.stride, p.beta, p.c.data[r0*p.c.stride+c0:], p.c.stride)
	return r0, r1, c0, c1
}

// all computes every tile on the calling goroutine.
func (p *product[T]) all(gemm gemmFunc[T]) {
	for i := range p.tiles() {
		p.tile(gemm, i)
	}
}
