package cpu

import "glyph"

type globalPoolTask[T Float] struct {
	y, x      []T
	pixels, c int
	kind      glyph.PoolKind
}

func (t *globalPoolTask[T]) part(_, image int) {
	x, y := t.x[image*t.pixels*t.c:][:t.pixels*t.c], t.y[image*t.c:][:t.c]
	if t.kind == glyph.Maximum {
		copy(y, x)
		for ; len(x) > 0; x = x[t.c:] {
			for c, v := range x[:t.c] {
				if v > y[c] || v != v { // a NaN stays: nothing is greater
					y[c] = v
				}
			}
		}
		return
	}
	for c := range y {
		sum := 0.0 // a running sum in float32 loses digits
		for i := c; i < len(x); i += t.c {
			sum += float64(x[i])
		}
		y[c] = T(sum / float64(t.pixels))
	}
}

// GlobalPool2D computes the mean or the greatest of each channel.
func (b *Backend[T]) GlobalPool2D(y, x glyph.Tensor, k glyph.PoolKind) {
	glyph.CheckGlobalPool2D(y, x, k)
	b.globalPool = globalPoolTask[T]{b.data(y), b.data(x), x.Shape[1] * x.Shape[2], x.Shape[3], k}
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
		for ; len(dx) > 0; dx = dx[t.c:] {
			for c, v := range dy {
				dx[c] = v / T(t.pixels)
			}
		}
		return
	}
	x, y := t.x[image*size:][:size], t.y[image*t.c:][:t.c]
	clear(dx)
	for c, v := range y {
		for i := c; i < size; i += t.c {
			if x[i] == v {
				dx[i] = dy[c]
				break
			}
		}
	}
}

// GlobalPool2DBackward spreads dy over the image, or sends it to the greatest.
func (b *Backend[T]) GlobalPool2DBackward(dx, dy, y, x glyph.Tensor, k glyph.PoolKind) {
	glyph.CheckGlobalPool2DBackward(dx, dy, y, x, k)
	b.globalPoolBack = globalPoolBackTask[T]{
		globalPoolTask[T]{b.data(y), b.data(x), x.Shape[1] * x.Shape[2], x.Shape[3], k}, b.data(dx), b.data(dy),
	}
	b.workers.run(&b.globalPoolBack, x.Shape[0])
}
