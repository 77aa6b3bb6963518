package cpu

import (
	"glyph"
	"glyph/cpu/internal/kernels"
)

// globalPoolTask is a pass over whole images; each image is one part of the work.
type globalPoolTask[T Float] struct {
	kernels   *kernels.Kernels[T]
	y, x      []T
	pixels, c int
	kind      glyph.PoolKind
	windows   kernels.Windows // one, of all pixels, for the greatest
}

func (t *globalPoolTask[T]) part(_, image int) {
	x, y := t.x[image*t.pixels*t.c:][:t.pixels*t.c], t.y[image*t.c:][:t.c]
	switch {
	case t.kind == glyph.Average && t.kernels != nil:
		t.mean(y, x)
	case t.kind == glyph.Average:
		for c := range y {
			sum := 0.0 // a running sum in float32 loses digits
			for i := c; i < len(x); i += t.c {
				sum += float64(x[i])
			}
			y[c] = T(sum / float64(t.pixels))
		}
	case t.kernels != nil:
		t.kernels.WindowMax(y, x, &t.windows)
	default:
		copy(y, x)
		for ; len(x) > 0; x = x[t.c:] {
			for c, v := range x[:t.c] {
				if v > y[c] || v != v { // a NaN stays: nothing is greater
					y[c] = v
				}
			}
		}
	}
}

// pixelsPerSum is how many pixels are summed before the sum is added to that of the
// others, so that no sum of float32 numbers is long.
const pixelsPerSum = 64

func (t *globalPoolTask[T]) mean(y, x []T) {
	clear(y)
	for lo := 0; lo < t.pixels; lo += pixelsPerSum {
		t.kernels.Columns(y, x[lo*t.c:], min(pixelsPerSum, t.pixels-lo), t.c)
	}
	t.kernels.Scaled(y, y, 1/T(t.pixels))
}

func (b *Backend[T]) globalPooling(y, x glyph.Tensor, k glyph.PoolKind) globalPoolTask[T] {
	t := globalPoolTask[T]{
		kernels: b.kernels, y: b.data(y), x: b.data(x), pixels: x.Shape[1] * x.Shape[2], c: x.Shape[3], kind: k,
	}
	if k == glyph.Maximum && b.kernels != nil {
		t.windows = kernels.Windows{Offsets: gridOffsets(&b.offsets, 1, t.pixels, 0, t.c), C: t.c}
	}
	return t
}

// GlobalPool2D computes the mean or the maximum of each channel.
func (b *Backend[T]) GlobalPool2D(y, x glyph.Tensor, k glyph.PoolKind) {
	glyph.CheckGlobalPool2D(y, x, k)
	b.globalPool = b.globalPooling(y, x, k)
	b.workers.run(&b.globalPool, x.Shape[0])
}

type globalPoolBackTask[T Float] struct {
	globalPoolTask[T]
	dx, dy []T
}

func (t *globalPoolBackTask[T]) part(_, image int) {
	size := t.pixels * t.c
	dx, dy := t.dx[image*size:][:size], t.dy[image*t.c:][:t.c]
	if t.kind == glyph.Average {
		t.spread(dx, dy)
		return
	}
	x, y := t.x[image*size:][:size], t.y[image*t.c:][:t.c]
	clear(dx)
	if t.kernels != nil {
		t.kernels.WindowMaxGrad(dx, dy, y, x, &t.windows)
		return
	}
	for c, v := range y {
		for i := c; i < size; i += t.c {
			if x[i] == v {
				dx[i] = dy[c]
				break
			}
		}
	}
}

// spread gives each pixel its part of dy.
func (t *globalPoolBackTask[T]) spread(dx, dy []T) {
	scale := 1 / T(t.pixels)
	if t.kernels != nil {
		t.kernels.Scaled(dx[:t.c], dy, scale)
		t.kernels.Rows(dx[t.c:], dx, t.c, t.pixels-1, t.c, 0)
		return
	}
	for ; len(dx) > 0; dx = dx[t.c:] {
		for c, v := range dy {
			dx[c] = scale * v
		}
	}
}

// GlobalPool2DBackward spreads dy over the image, or sends it to the first maximum.
func (b *Backend[T]) GlobalPool2DBackward(dx, dy, y, x glyph.Tensor, k glyph.PoolKind) {
	glyph.CheckGlobalPool2DBackward(dx, dy, y, x, k)
	b.globalPoolBack = globalPoolBackTask[T]{b.globalPooling(y, x, k), b.data(dx), b.data(dy)}
	b.workers.run(&b.globalPoolBack, x.Shape[0])
}
