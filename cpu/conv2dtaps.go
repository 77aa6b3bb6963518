package cpu

import "glyph/cpu/internal/kernels"

// tapPlan is how the products of a convolution's weight gradient go through a few
// images: for every tap, over the outputs for which it is in the image.
type tapPlan struct {
	taps     []tapOutputs
	segments []kernels.Segment
	channels []int // 0, 1, 2...
}

// tapOutputs is the outputs of a tap: segments of k outputs each, so many of them in an
// image.
type tapOutputs struct {
	each     int
	segments []kernels.Segment
	k        int
}

// within is the outputs along an axis whose tap is in the image, from lo up to hi.
func within(tap, outputs, inputs, stride, pad int) (lo, hi int) {
	if pad > tap {
		lo = ceil(pad-tap, stride)
	}
	if last := inputs - 1 + pad - tap; last >= 0 {
		hi = min(last/stride+1, outputs)
	}
	return lo, max(lo, hi)
}

// cut prepares the taps of a convolution for so many images.
func (p *tapPlan) cut(g *geometry, images int) {
	p.taps, p.segments = p.taps[:0], p.segments[:0]
	gridOffsets(&p.channels, 1, g.c, 0, 1)
	x, y := g.input(), g.output()
	for i := range g.r * g.s {
		r, s := i/g.s, i%g.s
		from, to := within(r, g.p, g.h, g.Stride, g.Pad)
		left, right := within(s, g.q, g.w, g.Stride, g.Pad)
		t := tapOutputs{each: to - from, k: right - left}
		lines := 1                                                   // of a segment
		if g.Stride == 1 && t.k == g.q && t.k == g.w && t.each > 0 { // all lines are one
			t.each, t.k, lines = 1, t.k*t.each, t.each
		}
		at := len(p.segments)
		for j := range images * t.each {
			image, line := j/max(t.each, 1), from+j%max(t.each, 1)*lines
			p.segments = append(p.segments, kernels.Segment{
				A: x.place(image, line*g.Stride-g.Pad+r, left*g.Stride-g.Pad+s), B: y.place(image, line, left),
			})
		}
		t.segments = p.segments[at:]
		p.taps = append(p.taps, t)
	}
}

// weights sets sums to the part of dw, transposed, of n images, or adds it to them.
// Meanwhile it prefetches the images to come, from (inclusive) to (exclusive).
func (t *fastConvBackTask[T]) weights(s *scratch[T], sums, x, dz []T, n int, add bool, from, to int) {
	tile, width := &s.tile, t.kernels.Panel(t.k)
	*tile = kernels.Tile[T]{KS: t.Stride * t.c, LDB: t.k, LDC: t.k, LDInit: t.k} // Tile moves Init on, and leaves nil
	half, products := t.halfOfSteps(n, width), 0
	tile.Ahead = kernels.FetchAhead(t.x[from*t.pixels():to*t.pixels()], half)
	for k := 0; k < t.k; k += width {
		tile.N = min(width, t.k-k)
		for i := range t.taps.taps {
			if products++; products == ceil(t.k, width)*len(t.taps.taps)/2 {
				tile.Ahead = kernels.FetchAhead(t.dy[from*t.positions()*t.k:to*t.positions()*t.k], half)
			}
			tap := &t.taps.taps[i]
			c := sums[i*t.c*t.k:][:t.c*t.k]
			if tap.each*tap.k == 0 {
				if !add {
					clear(c)
				}
				continue
			}
			tile.Segs, tile.Segments, tile.K = n*tap.each, &tap.segments[0], tap.k
			tile.A, tile.Rows, tile.B, tile.C = &x[0], &t.taps.channels[0], &dz[k], &c[k]
			if add {
				tile.Init = tile.C
			}
			t.kernels.Tile(tile, t.c)
		}
	}
}

// halfOfSteps is half of how many segments the tiles of n images have.
func (t *fastConvBackTask[T]) halfOfSteps(n, width int) int {
	steps := 0
	for i := range t.taps.taps {
		steps += t.taps.taps[i].each
	}
	return steps * n * ceil(t.c, t.kernels.TileRows(min(width, t.k))) * ceil(t.k, width) / 2
}
