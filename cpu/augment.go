package cpu

import (
	"slices"

	"glyph"
	"glyph/cpu/internal/kernels"
)

type augmentTask[T Float] struct {
	gatherTask[T]
	h, w, c int
	scratch []*scratch[T]
	of      glyph.Augmentation
	limits  glyph.AugmentationLimits
	seed    uint64
	step    int32
}

func (t *augmentTask[T]) part(worker, i int) {
	x, pixels := t.sample(i)
	t.image(worker, i, x, pixels)
	if t.of.Cutout > 0 {
		t.cut(i, x)
	}
}

// cut sets the pixels in the hole of sample i to what a pixel of 0 is normalised to.
func (t *augmentTask[T]) cut(i int, x []T) {
	top, left := t.of.Hole(t.seed, t.step, i, t.h, t.w)
	side := t.of.Cutout
	for h := max(top, 0); h < min(top+side, t.h); h++ {
		for w := max(left, 0); w < min(left+side, t.w); w++ {
			for k := (h*t.w + w) * t.c; k < (h*t.w+w+1)*t.c; k++ {
				mean := t.mean[min(k, len(t.mean)-1)]
				x[k] = (0 - mean) * t.scale[min(k, len(t.scale)-1)]
			}
		}
	}
}

// image sets x to the image of sample i, moved.
func (t *augmentTask[T]) image(worker, i int, x []T, pixels []byte) {
	s := t.scratch[worker]
	s.lattice = t.limits.AppendLattice(s.lattice[:0], t.seed, t.step, i, t.h, t.w)
	draw := t.limits.Draw(t.seed, t.step, i)
	m := moves{draw.Affine(t.h, t.w), s.lattice, t.w}
	if draw.Stroke != 0 {
		pixels = t.stroke(grow(&s.stroked, len(pixels)), pixels, draw.Stroke)
	}
	if t.kernels != nil && t.c == 1 && len(t.mean) == 1 {
		t.fast(s, x, pixels, m)
		return
	}
	if t.c == 1 {
		t.move(x, pixels, m)
	} else {
		t.moveChannels(x, pixels, m)
	}
	if len(t.mean) == 1 {
		mean, scale := t.mean[0], t.scale[0]
		for k, v := range x {
			x[k] = (v - mean) * scale
		}
		return
	}
	for k, v := range x {
		x[k] = (v - t.mean[k]) * t.scale[k]
	}
}

// fast sets x to an image of one channel transformed by the map, normalised, on the
// vector kernels: the same integers.
func (t *augmentTask[T]) fast(s *scratch[T], x []T, pixels []byte, m moves) {
	line := t.w + 2*kernels.Margin
	image := grow(&s.pixels, (t.h+2*kernels.Margin)*line+4)
	clear(image)
	for h := range t.h {
		copy(image[(h+kernels.Margin)*line+kernels.Margin:], pixels[h*t.w:][:t.w])
	}
	for h := range t.h {
		for c := range m.pieces() {
			from, to, place := m.piece(h, c)
			t.kernels.Augment(x[h*t.w:][from:to], image, t.h, t.w, 0, place, t.mean[0], t.scale[0])
		}
	}
}

// A weighted sum of four bytes is an integer below 2²⁴ with 16 fractional bits,
// so that it is exact as a T.
const fraction = 1.0 / (1 << 16)

// move sets x to an image of one channel transformed by the map.
func (t *augmentTask[T]) move(x []T, pixels []byte, m moves) {
	for h := range t.h {
		for c := range m.pieces() {
			from, to, line := m.piece(h, c)
			t.line(x[h*t.w:][from:to], pixels, line)
		}
	}
}

// line sets a part of a row to the pixels of a line.
func (t *augmentTask[T]) line(row []T, pixels []byte, m glyph.Affine) {
	width := t.w
	y, x := m.Row(0)
	for w := range row {
		py, px := glyph.GridPosition(y), glyph.GridPosition(x)
		y, x = y+m.YX, x+m.XX
		top, left := int(py>>8), int(px>>8)
		down, right := py&255, px&255
		if uint(top) < uint(t.h-1) && uint(left) < uint(width-1) { // all four are inside
			at := pixels[top*width+left:]
			above, below := at[0:2:2], at[width:][0:2:2]
			a, b := int32(above[0]), int32(below[0])
			a = a<<8 + right*(int32(above[1])-a)
			b = b<<8 + right*(int32(below[1])-b)
			row[w] = T(a<<8+down*(b-a)) * fraction
		} else {
			row[w] = T(t.edge(pixels, top, left, 0, down, right)) * fraction
		}
	}
}

// moveChannels is move for any number of channels.
func (t *augmentTask[T]) moveChannels(x []T, pixels []byte, m moves) {
	for h := range t.h {
		for part := range m.pieces() {
			from, to, line := m.piece(h, part)
			for w := range to - from {
				py, px := line.Position(0, w)
				for c := range t.c {
					x[(h*t.w+from+w)*t.c+c] = T(t.edge(pixels, int(py>>8), int(px>>8), c, py&255, px&255)) * fraction
				}
			}
		}
	}
}

// edge is the weighted sum around a place where some of the four pixels may be
// outside the image, and so 0.
func (t *augmentTask[T]) edge(pixels []byte, top, left, c int, down, right int32) (sum int32) {
	if top < -1 || top >= t.h || left < -1 || left >= t.w {
		return 0
	}
	rows, columns := [2]int32{256 - down, down}, [2]int32{256 - right, right}
	for dy, weight := range rows {
		for dx, by := range columns {
			if y, x := top+dy, left+dx; uint(y) < uint(t.h) && uint(x) < uint(t.w) {
				sum += weight * by * int32(pixels[(y*t.w+x)*t.c+c])
			}
		}
	}
	return sum
}

// GatherAugmented makes the batch that the clock points at, of moved images.
func (b *Backend[T]) GatherAugmented(x, t glyph.Tensor, set glyph.Dataset, order, clock glyph.Ints, smoothing float32, a glyph.Augmentation, seed uint64) {
	glyph.CheckGatherAugmented(x, t, set, order, clock, smoothing, a)
	b.augment = augmentTask[T]{
		gatherTask: b.gathering(x, t, set, order, clock, smoothing),
		scratch:    b.scratch,
		h:          set.Shape[1], w: set.Shape[2], c: set.Shape[3],
		of: a, limits: a.Limits(), seed: seed, step: b.ints(clock)[glyph.ClockStep],
	}
	if b.augment.limits.Stroke > 0 {
		for _, s := range b.scratch {
			grow(&s.stroked, set.Shape.Sample().Size())
		}
	}
	if b.augment.limits.Elastic > 0 {
		points := glyph.LatticePoints(b.augment.h) * glyph.LatticePoints(b.augment.w)
		for _, s := range b.scratch { // each worker's, whether it gets an image now or later
			s.lattice = slices.Grow(s.lattice[:0], points)
		}
	}
	b.workers.run(&b.augment, x.Shape[0])
}
