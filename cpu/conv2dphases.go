package cpu

import "glyph/cpu/internal/kernels"

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

// room is how many zeros precede dz, and its length with these and those after it, so
// that every tap of every pixel meets an element.
func room(pixels, outputs, taps, stride, pad int) (before, all int) {
	for rest := range stride {
		if a := axisOf(rest, pixels, taps, stride, pad); a.count > 0 {
			before = max(before, a.taps-1-a.meets)
		}
	}
	all = before + outputs
	for rest := range stride {
		a := axisOf(rest, pixels, taps, stride, pad)
		all = max(all, before+a.meets+a.count)
	}
	return before, all
}

// phase is the correlation that computes dx for the pixels with one remainder in each
// direction.
type phase[T Float] struct {
	correlation[T]
	lines, columns axis
}

// cutPhases prepares the phases of a convolution whose dz is framed.
func (b *Backend[T]) cutPhases(t *fastConvBackTask[T]) {
	width, line := b.kernels.Width, t.columns*t.k
	offsets := grow(&b.offsets, t.h*t.geometry.w)
	packed := grow(&b.packs[0].b, packedLen(t.c, width, t.r*t.s*t.k))
	t.phases = grow(&b.phases, t.Stride*t.Stride)[:0]
	for i := range t.Stride * t.Stride {
		v := axisOf(i/t.Stride, t.h, t.r, t.Stride, t.Pad)
		u := axisOf(i%t.Stride, t.geometry.w, t.s, t.Stride, t.Pad)
		positions, size := v.count*u.count, packedLen(t.c, width, v.taps*u.taps*t.k)
		if positions == 0 || size == 0 {
			continue
		}
		at := (t.top+v.meets-v.taps+1)*line + (t.left+u.meets-u.taps+1)*t.k
		for j := range positions {
			offsets[j] = at + j/u.count*line + j%u.count*t.k
		}
		t.phases = append(t.phases, phase[T]{correlation[T]{
			kernels: b.kernels, offsets: offsets[:positions], packed: packed[:size],
			rows: v.taps, row: u.taps * t.k, line: line, outputs: t.c,
		}, v, u})
		offsets, packed = offsets[positions:], packed[size:]
	}
}

// pack packs row r of a panel of a phase's weights: the element of inputs (r, s, k)
// and output c is from w[k, ·, ·, c], with the phase's taps in reverse order.
func (t *fastConvBackTask[T]) pack(p *phase[T], panel, r int) {
	if r >= p.rows {
		return
	}
	width := t.kernels.Width
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

// data computes dx of an image from its framed dz.
func (t *fastConvBackTask[T]) data(s *scratch[T], dx, dz []T) {
	if t.Stride == 1 {
		t.phases[0].image(&s.tile, dx, dz, nil, false)
		return
	}
	if t.Stride > min(t.r, t.s) { // some pixels meet no tap
		clear(dx)
	}
	for i := range t.phases {
		p := &t.phases[i]
		own := grow(&s.phase, len(p.offsets)*t.c)
		p.image(&s.tile, own, dz, nil, false)
		p.scatter(t.kernels, dx, own, t.Stride, t.geometry.w)
	}
}

// scatter puts the phase's pixels where they belong.
func (p *phase[T]) scatter(k *kernels.Kernels[T], dx, own []T, stride, width int) {
	c := p.outputs
	for i := range p.lines.count {
		at := (p.lines.first+i*stride)*width + p.columns.first
		k.Rows(dx[at*c:], own[i*p.columns.count*c:], c, p.columns.count, stride*c, c)
	}
}
