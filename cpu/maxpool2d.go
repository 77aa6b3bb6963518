package cpu

import (
	"glyph"
	"glyph/cpu/internal/kernels"
)

// poolTask is the geometry of pooling, with an image a part.
type poolTask[T Float] struct {
	kernels       *kernels.Kernels[T]
	y, x          []T
	size, stride  int
	h, w, c, p, q int
	windows       kernels.Windows // of a line of y
}

func (b *Backend[T]) pooling(y, x glyph.Tensor, p glyph.Pool) poolTask[T] {
	w, c := x.Shape[2], x.Shape[3]
	return poolTask[T]{
		kernels: b.kernels,
		y:       b.data(y), x: b.data(x), size: p.Size, stride: p.Stride,
		h: x.Shape[1], w: w, c: c, p: y.Shape[1], q: y.Shape[2],
		windows: kernels.Windows{Offsets: gridOffsets(&b.offsets, p.Size, p.Size, w*c, c), Step: p.Stride * c, C: c},
	}
}

// image is one of those in x, or in another tensor of its shape, and pooled one of
// those in y.
func (t *poolTask[T]) image(x []T, i int) []T { return x[i*t.h*t.w*t.c:][:t.h*t.w*t.c] }

func (t *poolTask[T]) pooled(y []T, i int) []T { return y[i*t.p*t.q*t.c:][:t.p*t.q*t.c] }

// line is where the windows of line p of y begin.
func (t *poolTask[T]) line(p int) int { return p * t.stride * t.w * t.c }

func (t *poolTask[T]) part(_, image int) {
	x, y := t.image(t.x, image), t.pooled(t.y, image)
	for p := range t.p {
		row := y[p*t.q*t.c:][:t.q*t.c]
		switch {
		case t.pairs():
			t.kernels.Max2x2(row, x[t.line(p):], x[t.line(p)+t.w*t.c:], t.c)
		case t.kernels != nil:
			t.kernels.WindowMax(row, x[t.line(p):], &t.windows)
		default:
			t.greatest(row, x[t.line(p):])
		}
	}
}

// greatest is a line of y in plain loops.
func (t *poolTask[T]) greatest(y, x []T) {
	for q := range t.q {
		window, best := x[q*t.stride*t.c:], y[q*t.c:][:t.c]
		copy(best, window)
		for _, o := range t.windows.Offsets {
			for c, v := range window[o:][:t.c] {
				if v > best[c] || v != v { // a NaN stays: nothing is greater
					best[c] = v
				}
			}
		}
	}
}

// pairs reports whether there are kernels for just these windows: of 2×2, side by
// side.
func (t *poolTask[T]) pairs() bool { return t.kernels != nil && t.size == 2 && t.stride == 2 }

// MaxPool2D computes the greatest of each window.
func (b *Backend[T]) MaxPool2D(y, x glyph.Tensor, p glyph.Pool) {
	glyph.CheckMaxPool2D(y, x, p)
	b.pool = b.pooling(y, x, p)
	b.workers.run(&b.pool, x.Shape[0])
}

type poolBackTask[T Float] struct {
	poolTask[T]
	dx, dy []T
}

func (t *poolBackTask[T]) part(_, image int) {
	x, dx := t.image(t.x, image), t.image(t.dx, image)
	y, dy := t.pooled(t.y, image), t.pooled(t.dy, image)
	if t.pairs() {
		t.pairsGrad(dx, dy, y, x)
		return
	}
	clear(dx)
	for p := range t.p {
		lo, hi := p*t.q*t.c, (p+1)*t.q*t.c
		if t.kernels != nil {
			t.kernels.WindowMaxGrad(dx[t.line(p):], dy[lo:hi], y[lo:hi], x[t.line(p):], &t.windows)
			continue
		}
		for i, best := range y[lo:hi] {
			at := t.line(p) + i/t.c*t.stride*t.c + i%t.c
			for _, o := range t.windows.Offsets {
				if x[at+o] == best {
					dx[at+o] += dy[lo+i]
					break
				}
			}
		}
	}
}

// pairsGrad writes all of dx, and what is in no window as 0.
func (t *poolBackTask[T]) pairsGrad(dx, dy, y, x []T) {
	line, row := t.w*t.c, t.q*t.c
	for p := range t.p {
		upper, lower := x[2*p*line:][:line], x[(2*p+1)*line:][:line]
		dUpper, dLower := dx[2*p*line:][:line], dx[(2*p+1)*line:][:line]
		t.kernels.Max2x2Grad(dUpper, dLower, dy[p*row:][:row], y[p*row:], upper, lower, t.c)
		clear(dUpper[2*row:])
		clear(dLower[2*row:])
	}
	clear(dx[2*t.p*line:])
}

// MaxPool2DBackward sends each dy to the element its window took.
func (b *Backend[T]) MaxPool2DBackward(dx, dy, y, x glyph.Tensor, p glyph.Pool) {
	glyph.CheckMaxPool2DBackward(dx, dy, y, x, p)
	b.poolBack = poolBackTask[T]{poolTask: b.pooling(y, x, p), dx: b.data(dx), dy: b.data(dy)}
	b.workers.run(&b.poolBack, x.Shape[0])
}
