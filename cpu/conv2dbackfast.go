package cpu

import (
	"glyph"
	"glyph/cpu/internal/kernels"
)

// fastConvBackTask computes the gradients of a run of images on the vector
// kernels:
//
//   - dz = dy ⊙ act'(y), of which
//   - dx is the correlation with the weights turned by 180° and with
//     inputs and outputs exchanged (Dumoulin & Visin 2016, §4), or with a stride
//     several of them (see phase), and
//   - dw, transposed to (R·S·C, K), is a product whose rows are the pixels that
//     a tap meets and whose columns are dz: both are read where they lie.
type fastConvBackTask[T Float] struct {
	geometry
	kernels      *kernels.Kernels[T]
	phases       []phase[T] // for dx
	taps         *tapPlan   // for dw
	offsets      []int      // of the taps at each output position, where there are nine
	scratch      []*scratch[T]
	dx, dy, y, x []T
	w            []T
	act          glyph.Activation
	wantW, wantB bool
	partial      []T // sums of each part: dw transposed, then db
	images       int // of a part
	packing      bool
	nine         bool // the image has one channel and w 3×3 taps, and dx is not wanted
}

func (t *fastConvBackTask[T]) sums() int { return t.k*t.patch() + t.k }

func (t *fastConvBackTask[T]) part(worker, i int) {
	if t.packing {
		panels := ceil(t.c, t.kernels.Panel(t.c))
		t.pack(&t.phases[i/t.r/panels], i/t.r%panels, i%t.r)
		return
	}
	s := t.scratch[worker]
	sums := t.partial[i*t.sums():][:t.sums()]
	first, last := span(i, t.images, t.n)
	if t.nine {
		clear(sums)
		for n := first; n < last; n++ {
			t.tapGrads(s, n, sums)
		}
		return
	}
	clear(sums[t.k*t.patch():])
	together := t.planned(t.images)
	for n := first; n < last; n += together {
		count := min(together, last-n)
		dz := t.preGradient(s, n, count, sums[t.k*t.patch():])
		if t.wantW {
			from, to := t.upcoming(n, last, together, t.images, len(t.scratch))
			t.weights(s, sums, t.x[n*t.pixels():], dz, count, n > first, from, to)
		}
		if t.dx != nil {
			t.data(s, dz, n, count)
		}
	}
}

// preGradient is dz of n images from the first on, which it adds to db.
func (t *fastConvBackTask[T]) preGradient(s *scratch[T], first, n int, db []T) []T {
	image := t.positions() * t.k
	dz := t.dy[first*image:][:n*image]
	if t.act.Kind != glyph.None {
		dz = grow(&s.dz, n*image)
		derive(t.kernels, dz, t.dy[first*image:], t.y[first*image:], t.act)
	}
	if t.wantB {
		rows := t.positions() // to a sum: an image, or where dx is wanted a line
		if t.dx != nil {
			rows = t.q
		}
		for at := 0; at < len(dz); at += rows * t.k {
			t.kernels.Columns(db, dz[at:], rows, t.k)
		}
	}
	return dz
}

// tapGrads adds the image's part of dw, transposed, and db to sums, where dx is
// not wanted and there are nine taps.
func (t *fastConvBackTask[T]) tapGrads(s *scratch[T], n int, sums []T) {
	at := n * t.positions() * t.k
	dy, y := t.dy[at:][:t.positions()*t.k], t.y[at:][:t.positions()*t.k]
	x := padded(t.kernels, s, &t.geometry, t.x[n*t.pixels():][:t.pixels()])
	bias := grow(&s.bias, 4*t.k)
	clear(bias)
	switch t.act.Kind {
	case glyph.ReLU:
	case glyph.None:
		y = nil
	default:
		dz := grow(&s.dz, len(dy))
		derive(t.kernels, dz, dy, y, t.act)
		dy, y = dz, nil
	}
	scratch := grow(&s.tapGrads, t.kernels.TapScratch(t.k))
	t.kernels.TapGrads(sums, bias, dy, y, x, t.offsets, t.paddedLine(), t.k, scratch)
	t.kernels.Columns(sums[9*t.k:], bias, 4, t.k)
}

// fastConv2DBackward is Conv2DBackward on the vector kernels.
func (b *Backend[T]) fastConv2DBackward(g geometry, dx, dw, db, dy, y, x, w []T, act glyph.Activation) {
	t := &b.fastConvBack
	*t = fastConvBackTask[T]{
		geometry: g, scratch: b.scratch, dx: dx, dy: dy, y: y, x: x, w: w, act: act,
		wantW: dw != nil, wantB: db != nil, images: ceil(g.n, batchParts),
		kernels: b.kernels, taps: &b.tapPlan,
	}
	if dx != nil {
		b.cutPhases(t)
		t.packing = true
		b.workers.run(t, len(t.phases)*ceil(g.c, b.kernels.Panel(g.c))*g.r)
		t.packing = false
	}
	t.nine = g.nine() && dx == nil && t.wantW
	if t.nine {
		t.offsets = gridOffsets(&b.offsets, g.p, g.q, g.Stride*g.paddedLine(), g.Stride)
	} else if t.wantW {
		t.taps.cut(&t.geometry, t.planned(t.images))
	}
	parts := ceil(g.n, t.images)
	t.partial = grow(&b.partial, parts*t.sums())
	b.workers.run(t, parts)
	if t.wantW {
		b.sumTaps = sumTapsTask[T]{b.kernels, dw, t.partial, t.sums(), parts, g.patch(), g.k}
		b.workers.run(&b.sumTaps, ceil(g.patch(), tapsPerPart))
	}
	if t.wantB {
		b.sum(db, t.partial[g.k*g.patch():], t.sums(), parts)
	}
}

// tapsPerPart is how many rows of dw transposed a part adds up.
const tapsPerPart = 32

// sumTapsTask adds up parts of dw transposed, in order, and turns it.
type sumTapsTask[T Float] struct {
	kernels       *kernels.Kernels[T]
	dw, partial   []T
	stride, parts int
	taps, k       int
}

func (t *sumTapsTask[T]) part(_, i int) {
	lo, hi := span(i, tapsPerPart, t.taps)
	sum := t.partial[lo*t.k : hi*t.k]
	for p := 1; p < t.parts; p++ {
		t.kernels.Add(sum, t.partial[p*t.stride+lo*t.k:])
	}
	t.kernels.Transpose(t.dw[lo:], sum, t.k, hi-lo, t.k, t.taps)
}
