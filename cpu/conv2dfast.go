package cpu

import (
	"glyph"
	"glyph/cpu/internal/kernels"
)

// Convolution on the vector kernels multiplies patches where they lie in the
// image: row r of a patch is S·C consecutive numbers, so a tile reduces over R
// segments of the image. No matrix of patches exists (implicit GEMM; Chetlur et al.
// 2014, "cuDNN", §3), and no padding either: see plan.

// flopsPerConvPart is how much work a part of a convolution is at least: tens of
// microseconds.
const flopsPerConvPart = 1 << 22

// gridOffsets is where positions of a grid lie that are down and across apart.
func gridOffsets(memory *[]int, rows, cols, down, across int) []int {
	offsets := grow(memory, rows*cols)
	for i := range offsets {
		offsets[i] = i/cols*down + i%cols*across
	}
	return offsets
}

// packedLen is the memory of weights packed for a correlation.
func packedLen(outputs, width, patch int) int { return ceil(outputs, width) * width * patch }

// fastConvTask is the forward convolution. A part is a few images, or a panel
// of weights to pack.
type fastConvTask[T Float] struct {
	geometry
	correlation[T]
	scratch       []*scratch[T]
	y, x, w, bias []T
	act           glyph.Activation
	images        int // of a part
	packing       bool
}

func (t *fastConvTask[T]) part(worker, i int) {
	if t.packing {
		lo, hi := span(i, t.width, t.k)
		panel := t.panel(lo)
		if hi-lo < t.width {
			clear(panel)
		}
		t.kernels.Transpose(panel, t.w[lo*t.depth:], t.depth, hi-lo, t.depth, t.width)
		return
	}
	s := t.scratch[worker]
	first, last := span(i, t.images, t.n)
	for n := first; n < last; n += t.plan.images {
		count := min(t.plan.images, last-n)
		y := t.y[n*t.positions()*t.k:][:count*t.positions()*t.k]
		from, to := t.upcoming(n, last, t.plan.images, t.images, len(t.scratch))
		ahead := t.x[from*t.pixels() : to*t.pixels()]
		t.compute(&s.tile, y, t.x[n*t.pixels():], t.bias, ahead, count, t.act.Kind == glyph.ReLU)
		if t.act.Kind != glyph.ReLU {
			activate(t.kernels, y, t.act)
		}
	}
}

// padded is the image with its padding around it.
func padded[T Float](k *kernels.Kernels[T], s *scratch[T], g *geometry, image []T) []T {
	if g.Pad == 0 {
		return image
	}
	line := g.paddedLine()
	dst := grow(&s.image, (g.h+2*g.Pad)*line)
	frame(dst, g.h, g.w*g.c, line, g.Pad, g.Pad*g.c)
	k.Rows(dst[g.Pad*line+g.Pad*g.c:], image, g.w*g.c, g.h, line, g.w*g.c)
	return dst
}

// frame clears what is around rows of n numbers in dst, whose lines are so long:
// top lines and left numbers before it, and all that comes after.
func frame[T Float](dst []T, rows, n, line, top, left int) {
	at := top*line + left
	clear(dst[:at])
	for range rows - 1 {
		clear(dst[at+n:][:line-n])
		at += line
	}
	clear(dst[at+n:])
}

// paddedLine is the elements of a line of the padded image.
func (g *geometry) paddedLine() int { return (g.w + 2*g.Pad) * g.c }

// nine reports whether it has kernels of its own: one channel, and nine taps.
func (g *geometry) nine() bool { return g.c == 1 && g.r == 3 && g.s == 3 }

// input and output are where the pixels of x and of y lie.
func (g *geometry) input() grid { return grid{line: g.w * g.c, column: g.c, image: g.pixels()} }
func (g *geometry) output() grid {
	return grid{line: g.q * g.k, column: g.k, image: g.positions() * g.k}
}

// imagesPerPart is how many images make a part worth starting, or enough outputs for
// a plan where there are many parts.
func (g *geometry) imagesPerPart() int {
	images := min(ceil(outputsPerPlan, g.positions()), ceil(g.n, batchParts))
	return min(max(flopsPerConvPart/(2*g.positions()*g.k*g.patch()), images, 1), g.n)
}

// planned is how many of the images of a part are worked on at a time.
func (g *geometry) planned(part int) int { return min(ceil(outputsPerPlan, g.positions()), part) }

// upcoming is which images a worker is likely to come to after those from n on: the next
// of its part, which ends at last, or the first of the part after those that the other
// workers do meanwhile.
func (g *geometry) upcoming(n, last, together, part, workers int) (from, to int) {
	from = n + together
	if from >= last {
		from = last + (workers-1)*part
	}
	from = min(from, g.n)
	return from, min(from+together, g.n)
}

// fastConv2D is Conv2D on the vector kernels.
func (b *Backend[T]) fastConv2D(g geometry, y, x, w, bias []T, act glyph.Activation) {
	t, p := &b.fastConv, &b.plan
	width := b.kernels.Panel(g.k)
	*t = fastConvTask[T]{
		geometry: g, scratch: b.scratch, y: y, x: x, w: w, bias: bias, act: act,
		images: g.imagesPerPart(), packing: true,
		correlation: correlation[T]{
			plan: p, kernels: b.kernels, width: width, depth: g.patch(), outputs: g.k,
			packed: grow(&b.packs[0].b, packedLen(g.k, width, g.patch())),
		},
	}
	p.lines = appendRuns(p.lines[:0], g.p, g.h, g.r, g.Stride, g.Pad)
	p.columns = appendRuns(p.columns[:0], g.q, g.w, g.s, g.Stride, g.Pad)
	p.cut(g.input(), g.output(), g.planned(t.images), g.Stride, g.s, g.c*width)
	b.workers.run(t, ceil(g.k, width))
	t.packing = false
	b.workers.run(t, ceil(g.n, t.images))
}
