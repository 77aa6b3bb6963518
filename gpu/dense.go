//go:build cgo

package gpu

import "glyph"

const denseUniforms = "slope_bits N In Out"

var (
	dense         = newKernel("dense.comp", "y x w b drops clock split", denseUniforms+maskUniforms+" split_length splits", tileDefines+"VEC_IN VEC_OUT BIAS ACT KEEP_Y DROP SPLIT")
	denseSkinny   = newKernel("dense_skinny.comp", "y x w b drops clock", denseUniforms+maskUniforms, "ROWS COLUMNS VEC_IN BIAS ACT KEEP_Y DROP")
	denseBackward = newKernel("dense_backward.comp", "dx dw db dy y x w split", denseUniforms+" data_tiles split_length splits", tileDefines+"VEC_IN VEC_OUT BIAS ACT DATA WEIGHTS SPLIT")
)

// The skinny kernel's results of a work group.
const skinnyRows, skinnyColumns = 8, 4

// Dense computes y = act(x·wᵀ + b), in tiles, or where those are too few to
// fill the device by sharing out each sum.
func (b *Backend) Dense(y, x, w, bias glyph.Tensor, act glyph.Activation) {
	glyph.CheckDense(y, x, w, bias, act)
	b.ask(operation{kind: opDense, t: operands{y, x, w, bias}, act: act})
}

// putDense queues a dense layer with its ending.
func (b *Backend) putDense(o *operation, e ending) {
	y, x, w, bias := o.t[0], o.t[1], o.t[2], o.t[3]
	act := o.act
	n, in, out := x.Shape[0], x.Shape[1], w.Shape[0]
	vecIn, biased, keep, drop := vec(in, x, w), one(!bias.IsZero()), one(!e.unread), one(e.drop != nil)
	if b.skinny(n, out, in) {
		b.start(b.program(denseSkinny, values{skinnyThreads(in), skinnyRows, skinnyColumns, vecIn, biased, int(act.Kind), keep, drop}))
		b.denseOperands(o, e)
		b.run(ceil(n, skinnyRows)*ceil(out, skinnyColumns), float64(2*skinnyRows*skinnyColumns*in))
		return
	}
	p := b.plan(forward, n, out, in)
	v := values{tileValues: vecIn, vec(out, y, bias, e.dropped()), biased, int(act.Kind), keep, drop, one(p.splits > 1)}
	b.fit(dense, &v, &p, n, out, in, x, w, bias)
	b.start(b.program(dense, v))
	b.denseOperands(o, e)
	b.runParts(p, p.groups(n, out))
}

// denseOperands binds the operands and sets the uniforms that both kernels have.
func (b *Backend) denseOperands(o *operation, e ending) {
	l, y, x, w, bias := &b.launch, o.t[0], o.t[1], o.t[2], o.t[3]
	b.tensorIf(!e.unread, y, true)
	b.in(x)
	b.in(w)
	b.in(bias)
	b.out(e.dropped())
	b.clockOf(e.drop)
	l.bits(o.act.Slope)
	for _, size := range [...]int{x.Shape[0], x.Shape[1], w.Shape[0]} {
		l.uniform(size)
	}
	l.mask(e.mask())
}

// skinnyThreads is how many invocations share a sum of the skinny kernel.
func skinnyThreads(in int) int {
	if in > 512 {
		return 128
	}
	return 64
}

// skinnyTile stands for the skinny kernel where a test forces a tile.
var skinnyTile = &tile{bm: skinnyRows, bn: skinnyColumns}

// DenseBackward computes whichever are non-zero of dx = dz·w, dw = dzᵀ·x and
// db = Σₙ dz, with dz = dy ⊙ act'(y), in one dispatch where one kind of tile
// suits all.
func (b *Backend) DenseBackward(dx, dw, db, dy, y, x, w glyph.Tensor, act glyph.Activation) {
	glyph.CheckDenseBackward(dx, dw, db, dy, y, x, w, act)
	b.ask(operation{kind: opDenseBackward, t: operands{dx, dw, db, dy, y, x, w}, act: act})
}

func (b *Backend) putDenseBackward(o *operation) {
	dx, dw, db, dy, y, x, w := o.t[0], o.t[1], o.t[2], o.t[3], o.t[4], o.t[5], o.t[6]
	act := o.act
	n, in, out := x.Shape[0], x.Shape[1], w.Shape[0]
	op := denseBack{dx, dw, db, dy, y, x, w, act}
	wantData, wantWeights := !dx.IsZero(), !dw.IsZero() || !db.IsZero()
	data, weights, together := b.planBoth([3]int{n, in, out}, [3]int{out, in, n})
	if wantData && wantWeights && together && !weights.lean() { // two products in a program take more registers
		b.denseBackward(op, true, true, weights)
		return
	}
	if wantWeights {
		b.denseBackward(op, false, true, weights)
	}
	if wantData {
		b.denseBackward(op, true, false, data)
	}
}

type denseBack struct {
	dx, dw, db, dy, y, x, w glyph.Tensor
	act                     glyph.Activation
}

// denseBackward dispatches the tiles of dx, of dw and db, or of all.
func (b *Backend) denseBackward(op denseBack, data, weights bool, p plan) {
	n, in, out := op.x.Shape[0], op.x.Shape[1], op.w.Shape[0]
	if !data {
		op.dx, op.w = glyph.Tensor{}, glyph.Tensor{}
	}
	if !weights {
		op.dw, op.db, op.x = glyph.Tensor{}, glyph.Tensor{}, glyph.Tensor{}
	}
	v := values{tileValues: vec(in, op.x, op.w, op.dx, op.dw), vec(out, op.dy, op.y),
		one(!op.db.IsZero()), int(op.act.Kind), one(data), one(!op.dw.IsZero()), one(p.splits > 1)}
	m, sum := out, n
	if !weights {
		m, sum = n, out
	}
	b.fit(denseBackward, &v, &p, m, in, sum, op.dy, op.y, op.x, op.w)
	l := b.start(b.program(denseBackward, v))
	dataTiles, weightTiles := 0, 0
	if data {
		dataTiles = p.groups(n, in)
	}
	if weights {
		weightTiles = p.groups(out, in)
	}
	cutTiles, groups, terms := weightTiles, dataTiles+weightTiles*p.splits, max(p.length, out)
	if !weights {
		cutTiles, groups, terms = dataTiles, dataTiles*p.splits, p.length
	}
	b.out(op.dx)
	b.out(op.dw)
	b.out(op.db)
	b.in(op.dy)
	b.inIf(op.act.Kind != glyph.None, op.y)
	b.in(op.x)
	b.in(op.w)
	b.split(p, cutTiles)
	l.bits(op.act.Slope)
	l.uniform(n)
	l.uniform(in)
	l.uniform(out)
	l.uniform(dataTiles)
	l.uniform(p.length)
	l.uniform(p.splits)
	b.run(groups, p.flops(terms))
}
