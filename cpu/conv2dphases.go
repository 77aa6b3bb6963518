package cpu

// With a stride, pixels whose places in the padded image have the same remainder modulo
// the stride meet the same taps of the kernel, and no others. So dx is Stride²
// correlations of dz, one for each remainder of the line and of the column, each with
// its share of the taps. Together they do the work of the forward convolution; one
// correlation with dz dilated by the stride would mostly multiply zeros (Dumoulin &
// Visin 2016, §4.3 to 4.6).

// axis is what lines, or columns, with one remainder have in common.
type axis struct {
	tap   int // the first of their taps; the others are Stride apart
	taps  int
	first int // pixel; the others are Stride apart
	count int
	meets int // the place in dz that the first pixel's first tap meets; later taps meet those before it
}

// axisOf is the axis of a remainder, given the pixels and taps along it.
func axisOf(rest, pixels, taps, stride, pad int) axis {
	meets := 0
	if pad > rest {
		meets = ceil(pad-rest, stride)
	}
	first := rest - pad + meets*stride
	return axis{
		tap: rest, taps: ceil(max(taps-rest, 0), stride), first: first,
		count: ceil(max(pixels-first, 0), stride), meets: meets,
	}
}

// phase is the correlation that computes dx for the pixels with one remainder in each
// direction.
type phase[T Float] struct {
	correlation[T]
	rows           int // lines of taps
	row            int // numbers in one
	lines, columns axis
}

// cutPhases prepares the phases of a convolution.
func (b *Backend[T]) cutPhases(t *fastConvBackTask[T]) {
	width, c := b.kernels.Panel(t.c), t.c
	packed := grow(&b.packs[0].b, packedLen(c, width, t.r*t.s*t.k))
	if n := t.Stride * t.Stride; len(b.phasePlans) < n {
		b.phasePlans = make([]plan, n)
	}
	t.phases = grow(&b.phases, t.Stride*t.Stride)[:0]
	for i := range t.Stride * t.Stride {
		v := axisOf(i/t.Stride, t.h, t.r, t.Stride, t.Pad)
		u := axisOf(i%t.Stride, t.geometry.w, t.s, t.Stride, t.Pad)
		depth := v.taps * u.taps * t.k
		if v.count*u.count*depth == 0 {
			continue
		}
		p := &b.phasePlans[i]
		p.lines = appendRuns(p.lines[:0], v.count, t.p, v.taps, 1, v.taps-1-v.meets)
		p.columns = appendRuns(p.columns[:0], u.count, t.q, u.taps, 1, u.taps-1-u.meets)
		pixels := t.input()
		pixels.at = v.first*pixels.line + u.first*pixels.column
		pixels.line *= t.Stride
		pixels.column *= t.Stride
		p.cut(t.output(), pixels, t.planned(t.images), 1, u.taps, t.k*width)
		size := packedLen(c, width, depth)
		t.phases = append(t.phases, phase[T]{
			correlation[T]{plan: p, kernels: b.kernels, packed: packed[:size], width: width, depth: depth, outputs: c},
			v.taps, u.taps * t.k, v, u,
		})
		packed = packed[size:]
	}
}

// pack packs row r of a panel of a phase's weights: the element of inputs (r, s, k)
// and output c is from w[k, ·, ·, c], with the phase's taps in reverse order.
func (t *fastConvBackTask[T]) pack(p *phase[T], panel, r int) {
	if r >= p.rows {
		return
	}
	width := p.width
	lo, hi := span(panel, width, t.c)
	dst := p.panel(lo)[r*p.row*width:]
	line := p.lines.tap + (p.lines.taps-1-r)*t.Stride
	for s := range p.columns.taps {
		column := p.columns.tap + (p.columns.taps-1-s)*t.Stride
		for k := range t.k {
			row := dst[(s*t.k+k)*width:][:width]
			from := ((k*t.r+line)*t.s+column)*t.c + lo
			clear(row[copy(row, t.w[from:][:hi-lo]):])
		}
	}
}

// data computes dx of n images from the first on; dz is that of the first.
func (t *fastConvBackTask[T]) data(s *scratch[T], dz []T, first, n int) {
	dx := t.dx[first*t.pixels():][:n*t.pixels()]
	if t.Stride > min(t.r, t.s) { // some pixels meet no tap
		clear(dx)
	}
	for i := range t.phases {
		t.phases[i].compute(&s.tile, dx, dz, nil, nil, n, false)
	}
}
