package cpu

import "glyph"

type denseTask[T Float] struct {
	fastProduct[T]
	gemm gemmFunc[T]
}

// part finishes a tile while it is in the cache: product, bias, activation.
func (t *denseTask[T]) part(worker, i int) {
	if t.kernels != nil {
		t.multiply(worker, i)
		return
	}
	r0, r1, c0, c1 := t.tile(t.gemm, i)
	for r := r0; r < r1; r++ {
		row := t.c.data[r*t.n+c0 : r*t.n+c1]
		if t.bias != nil {
			addTo(row, t.bias[c0:c1])
		}
		activate(t.kernels, row, t.act)
	}
}

// Dense computes y = act(x·wᵀ + b).
func (b *Backend[T]) Dense(y, x, w, bias glyph.Tensor, act glyph.Activation) {
	glyph.CheckDense(y, x, w, bias, act)
	n, in, out := x.Shape[0], x.Shape[1], w.Shape[0]
	t := &b.dense
	t.gemm = b.gemm
	b.fast(&t.fastProduct, product[T]{
		c: matrix[T]{data: b.data(y), stride: out},
		a: matrix[T]{data: b.data(x), stride: in},
		b: matrix[T]{data: b.data(w), stride: in, trans: true},
		m: n, n: out, k: in,
	}, &b.packs[0])
	t.bias, t.act = b.data(bias), act
	if b.kernels == nil {
		b.workers.run(t, t.tiles())
		return
	}
	b.pack(&t.fastProduct, nil)
	b.workers.run(t, t.parts())
}

// denseBackTask is the parts of up to three independent results in a row: the
// tiles of dx, the tiles of dw, the columns of db.
type denseBackTask[T Float] struct {
	gemm    gemmFunc[T]
	dx, dw  fastProduct[T]
	dxTiles int
	dwTiles int
	db, dz  []T
}

const biasesPerPart = 256

func (t *denseBackTask[T]) part(worker, i int) {
	switch {
	case i < t.dxTiles && t.dx.kernels != nil:
		t.dx.multiply(worker, i)
	case i < t.dxTiles:
		t.dx.tile(t.gemm, i)
	case i < t.dxTiles+t.dwTiles && t.dw.kernels != nil:
		t.dw.multiply(worker, i-t.dxTiles)
	case i < t.dxTiles+t.dwTiles:
		t.dw.tile(t.gemm, i-t.dxTiles)
	default:
		lo, hi := span(i-t.dxTiles-t.dwTiles, biasesPerPart, len(t.db))
		clear(t.db[lo:hi])
		addColumns(t.db[lo:hi], t.dz[lo:], len(t.db))
	}
}

// DenseBackward computes dx = dz·w, dw = dzᵀ·x and db = Σ dz.
func (b *Backend[T]) DenseBackward(dx, dw, db, dy, y, x, w glyph.Tensor, act glyph.Activation) {
	glyph.CheckDenseBackward(dx, dw, db, dy, y, x, w, act)
	n, in, out := x.Shape[0], x.Shape[1], w.Shape[0]
	t := &b.denseBack
	*t = denseBackTask[T]{gemm: b.gemm, db: b.data(db), dz: b.preGradient(b.data(dy), b.data(y), act)}
	if !dx.IsZero() {
		b.fast(&t.dx, product[T]{
			c: matrix[T]{data: b.data(dx), stride: in},
			a: matrix[T]{data: t.dz, stride: out},
			b: matrix[T]{data: b.data(w), stride: in},
			m: n, n: in, k: out,
		}, &b.packs[0])
		t.dxTiles = b.parts(&t.dx)
	}
	if !dw.IsZero() {
		b.fast(&t.dw, product[T]{
			c: matrix[T]{data: b.data(dw), stride: in},
			a: matrix[T]{data: t.dz, stride: out, trans: true},
			b: matrix[T]{data: b.data(x), stride: in},
			m: out, n: in, k: n,
		}, &b.packs[1])
		t.dwTiles = b.parts(&t.dw)
	}
	if b.kernels != nil {
		b.pack(&t.dx, &t.dw)
	}
	b.workers.run(t, t.dxTiles+t.dwTiles+ceil(len(t.db), biasesPerPart))
}

// addTo adds src to dst.
func addTo[T Float](dst, src []T) {
	src = src[:len(dst)]
	for i, v := range src {
		dst[i] += v
	}
}

// addColumns adds each row of m, whose rows begin stride apart, to dst.
func addColumns[T Float](dst, m []T, stride int) {
	for ; len(m) >= len(dst); m = m[stride:] {
		addTo(dst, m)
		if len(m) < stride {
			break
		}
	}
}
