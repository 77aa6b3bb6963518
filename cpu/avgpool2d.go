package cpu

import "glyph"

type avgPoolTask[T Float] struct{ poolTask[T] }

func (t *avgPoolTask[T]) part(_, image int) {
	x, y := t.image(t.x, image), t.pooled(t.y, image)
	scale := 1 / T(t.size*t.size)
	if t.kernels != nil {
		for p := range t.p {
			t.kernels.WindowSum(y[p*t.q*t.c:][:t.q*t.c], x[t.line(p):], &t.windows, scale)
		}
		return
	}
	clear(y)
	for p := range t.p {
		for q := range t.q {
			window, out := x[t.line(p)+q*t.stride*t.c:], y[(p*t.q+q)*t.c:][:t.c]
			for _, o := range t.windows.Offsets {
				addTo(out, window[o:])
			}
		}
	}
	for i := range y {
		y[i] *= scale
	}
}

// AvgPool2D computes the mean of each window.
func (b *Backend[T]) AvgPool2D(y, x glyph.Tensor, p glyph.Pool) {
	glyph.CheckAvgPool2D(y, x, p)
	b.avgPool = avgPoolTask[T]{b.pooling(y, x, p)}
	b.workers.run(&b.avgPool, x.Shape[0])
}

type avgPoolBackTask[T Float] struct{ poolTask[T] } // x is dx, y is dy

func (t *avgPoolBackTask[T]) part(_, image int) {
	dx, dy := t.image(t.x, image), t.pooled(t.y, image)
	scale := 1 / T(t.size*t.size)
	clear(dx)
	for p := range t.p {
		if t.kernels != nil {
			t.kernels.WindowSpread(dx[t.line(p):], dy[p*t.q*t.c:][:t.q*t.c], &t.windows, scale)
			continue
		}
		for q := range t.q {
			window, give := dx[t.line(p)+q*t.stride*t.c:], dy[(p*t.q+q)*t.c:][:t.c]
			for _, o := range t.windows.Offsets {
				for c, v := range give {
					window[o+c] += scale * v
				}
			}
		}
	}
}

// AvgPool2DBackward spreads each dy over its window.
func (b *Backend[T]) AvgPool2DBackward(dx, dy glyph.Tensor, p glyph.Pool) {
	glyph.CheckAvgPool2DBackward(dx, dy, p)
	b.avgPoolBack = avgPoolBackTask[T]{b.pooling(dy, dx, p)}
	b.workers.run(&b.avgPoolBack, dx.Shape[0])
}
