package cpu

import "glyph"

type avgPoolTask[T Float] struct {
	y, x          []T
	size, stride  int
	h, w, c, p, q int
}

// windows calls f with the channels of every pixel of every window of an image, and
// those of the window's output.
func (t *avgPoolTask[T]) windows(image int, f func(x, y []T)) {
	x := t.x[image*t.h*t.w*t.c:][:t.h*t.w*t.c]
	y := t.y[image*t.p*t.q*t.c:]
	for p := range t.p {
		for q := range t.q {
			window := x[(p*t.stride*t.w+q*t.stride)*t.c:]
			out := y[(p*t.q+q)*t.c:][:t.c]
			for r := range t.size {
				for s := range t.size {
					f(window[(r*t.w+s)*t.c:][:t.c], out)
				}
			}
		}
	}
}

func (t *avgPoolTask[T]) part(_, image int) {
	y := t.y[image*t.p*t.q*t.c:][:t.p*t.q*t.c]
	clear(y)
	t.windows(image, func(x, y []T) {
		for c, v := range x {
			y[c] += v
		}
	})
	area := T(t.size * t.size)
	for i := range y {
		y[i] /= area
	}
}

// AvgPool2D computes the mean of each window.
func (b *Backend[T]) AvgPool2D(y, x glyph.Tensor, p glyph.Pool) {
	glyph.CheckAvgPool2D(y, x, p)
	b.avgPool = b.averaging(y, x, p)
	b.workers.run(&b.avgPool, x.Shape[0])
}

func (b *Backend[T]) averaging(y, x glyph.Tensor, p glyph.Pool) avgPoolTask[T] {
	return avgPoolTask[T]{
		y: b.data(y), x: b.data(x), size: p.Size, stride: p.Stride,
		h: x.Shape[1], w: x.Shape[2], c: x.Shape[3], p: y.Shape[1], q: y.Shape[2],
	}
}

type avgPoolBackTask[T Float] struct{ avgPoolTask[T] } // x is dx, y is dy

func (t *avgPoolBackTask[T]) part(_, image int) {
	clear(t.x[image*t.h*t.w*t.c:][:t.h*t.w*t.c])
	area := T(t.size * t.size)
	t.windows(image, func(dx, dy []T) {
		for c, v := range dy {
			dx[c] += v / area
		}
	})
}

// AvgPool2DBackward spreads each dy over its window.
func (b *Backend[T]) AvgPool2DBackward(dx, dy glyph.Tensor, p glyph.Pool) {
	glyph.CheckAvgPool2DBackward(dx, dy, p)
	b.avgPoolBack = avgPoolBackTask[T]{b.averaging(dy, dx, p)}
	b.workers.run(&b.avgPoolBack, dx.Shape[0])
}
