package cpu

import "glyph"

// convTask is Dense over patches: a part is a block of output positions of one
// image.
type convTask[T Float] struct {
	geometry
	gemm       gemmFunc[T]
	patches    [][]T
	y, x, w, b []T
	act        glyph.Activation
}

func (t *convTask[T]) blocks() int { return ceil(t.positions(), rowsPerPatchBlock) }

func (t *convTask[T]) part(worker, i int) {
	image, block := i/t.blocks(), i%t.blocks()
	lo, hi := span(block, rowsPerPatchBlock, t.positions())
	patches := grow(&t.patches[worker], (hi-lo)*t.patch())
	im2col(&t.geometry, patches, t.x[image*t.pixels():], lo, hi)

	y := t.y[(image*t.positions()+lo)*t.k:][:(hi-lo)*t.k]
	p := product[T]{
		c: matrix[T]{data: y, stride: t.k},
		a: matrix[T]{data: patches, stride: t.patch()},
		b: matrix[T]{data: t.w, stride: t.patch(), trans: true},
		m: hi - lo, n: t.k, k: t.patch(),
	}
	p.all(t.gemm)
	if t.b != nil {
		for row := y; len(row) > 0; row = row[t.k:] {
			addTo(row[:t.k], t.b)
		}
	}
	activate(nil, y, t.act)
}

// Conv2D computes y = act(cross-correlation of x with w, plus b).
func (b *Backend[T]) Conv2D(y, x, w, bias glyph.Tensor, c glyph.Conv, act glyph.Activation) {
	glyph.CheckConv2D(y, x, w, bias, c, act)
	if b.kernels != nil {
		b.fastConv2D(newGeometry(x.Shape, w.Shape, y.Shape, c), b.data(y), b.data(x), b.data(w), b.data(bias), act)
		return
	}
	t := &b.conv
	*t = convTask[T]{
		geometry: newGeometry(x.Shape, w.Shape, y.Shape, c),
		gemm:     b.gemm, patches: b.patches,
		y: b.data(y), x: b.data(x), w: b.data(w), b: b.data(bias), act: act,
	}
	b.workers.run(t, t.n*t.blocks())
}

// batchParts is the largest number of parts that a batch is cut into when each part
// sums weight gradients of its own. It does not depend on the number of workers, so
// neither does the sum.
const batchParts = 16

// convBackTask computes the gradients of a run of images: dx in place, dw and
// db as sums over the run, dw first, then db.
type convBackTask[T Float] struct {
	geometry
	gemm                gemmFunc[T]
	patches, patchGrads [][]T
	dx, dz, x, w        []T
	wantW, wantB        bool
	partial             []T
	images              int // of a part
}

func (t *convBackTask[T]) parts() int { return ceil(t.n, t.images) }
func (t *convBackTask[T]) sums() int  { return t.k*t.patch() + t.k }

func (t *convBackTask[T]) part(worker, i int) {
	sums := t.partial[i*t.sums():][:t.sums()]
	clear(sums)
	dw, db := sums[:t.k*t.patch()], sums[t.k*t.patch():]
	first, last := span(i, t.images, t.n)
	for image := first; image < last; image++ {
		dz := t.dz[image*t.positions()*t.k:][:t.positions()*t.k]
		if t.wantB {
			addColumns(db, dz, t.k)
		}
		if t.dx != nil {
			clear(t.dx[image*t.pixels():][:t.pixels()])
		}
		for lo := 0; lo < t.positions(); lo += rowsPerPatchBlock {
			t.block(worker, image, dw, dz, lo, min(lo+rowsPerPatchBlock, t.positions()))
		}
	}
}

// block handles output positions lo to hi of one image.
func (t *convBackTask[T]) block(worker, image int, dw, dz []T, lo, hi int) {
	size := t.patch()
	rows := matrix[T]{data: dz[lo*t.k : hi*t.k], stride: t.k}
	if t.wantW {
		patches := grow(&t.patches[worker], (hi-lo)*size)
		im2col(&t.geometry, patches, t.x[image*t.pixels():], lo, hi)
		p := product[T]{
			c: matrix[T]{data: dw, stride: size},
			a: matrix[T]{data: rows.data, stride: t.k, trans: true},
			b: matrix[T]{data: patches, stride: size},
			m: t.k, n: size, k: hi - lo, beta: 1,
		}
		p.all(t.gemm)
	}
	if t.dx != nil {
		grads := grow(&t.patchGrads[worker], (hi-lo)*size)
		p := product[T]{
			c: matrix[T]{data: grads, stride: size},
			a: rows,
			b: matrix[T]{data: t.w, stride: size},
			m: hi - lo, n: size, k: t.k,
		}
		p.all(t.gemm)
		col2im(&t.geometry, t.dx[image*t.pixels():][:t.pixels()], grads, lo, hi)
	}
}

// Conv2DBackward computes dx, dw and db of Conv2D.
func (b *Backend[T]) Conv2DBackward(dx, dw, db, dy, y, x, w glyph.Tensor, c glyph.Conv, act glyph.Activation) {
	glyph.CheckConv2DBackward(dx, dw, db, dy, y, x, w, c, act)
	if b.kernels != nil {
		b.fastConv2DBackward(newGeometry(x.Shape, w.Shape, y.Shape, c), b.data(dx), b.data(dw), b.data(db),
			b.data(dy), b.data(y), b.data(x), b.data(w), act)
		return
	}
	t := &b.convBack
	*t = convBackTask[T]{
		geometry: newGeometry(x.Shape, w.Shape, y.Shape, c),
		gemm:     b.gemm, patches: b.patches, patchGrads: b.patchGrads,
		dx: b.data(dx), dz: b.preGradient(b.data(dy), b.data(y), act), x: b.data(x), w: b.data(w),
		wantW: !dw.IsZero(), wantB: !db.IsZero(),
	}
	t.images = ceil(t.n, batchParts)
	t.partial = grow(&b.partial, t.parts()*t.sums())
	b.workers.run(t, t.parts())
	if t.wantW {
		b.sum(b.data(dw), t.partial, t.sums(), t.parts())
	}
	if t.wantB {
		b.sum(b.data(db), t.partial[t.k*t.patch():], t.sums(), t.parts())
	}
}

// sumTask adds up parts of a sum, in order.
type sumTask[T Float] struct {
	dst, partial  []T
	stride, parts int
}

func (t *sumTask[T]) part(_, i int) {
	lo, hi := span(i, elementsPerPart/8, len(t.dst))
	copy(t.dst[lo:hi], t.partial[lo:hi])
	for p := 1; p < t.parts; p++ {
		addTo(t.dst[lo:hi], t.partial[p*t.stride+lo:])
	}
}

// sum sets dst to the sum of parts vectors that begin stride apart.
func (b *Backend[T]) sum(dst, partial []T, stride, parts int) {
	b.convSum = sumTask[T]{dst, partial, stride, parts}
	b.workers.run(&b.convSum, ceil(len(dst), elementsPerPart/8))
}
