package cpu

import (
	"glyph"
	"glyph/cpu/internal/kernels"
)

type poolTask[T Float] struct {
	kernels       *kernels.Kernels[T]
	y, x          []T
	size, stride  int
	h, w, c, p, q int
}

func (t *poolTask[T]) part(_, image int) {
	x := t.x[image*t.h*t.w*t.c:][:t.h*t.w*t.c]
	y := t.y[image*t.p*t.q*t.c:]
	if t.pairs() {
		for p := range t.p {
			t.kernels.Max2x2(y[p*t.q*t.c:][:t.q*t.c], x[2*p*t.w*t.c:], x[(2*p+1)*t.w*t.c:], t.c)
		}
		return
	}
	for p := range t.p {
		for q := range t.q {
			at := (p*t.stride*t.w + q*t.stride) * t.c
			best := y[(p*t.q+q)*t.c:][:t.c]
			copy(best, x[at:])
			for r := range t.size {
				for s := range t.size {
					for c, v := range x[at+(r*t.w+s)*t.c:][:t.c] {
						if v > best[c] || v != v { // a NaN stays: nothing is greater
							best[c] = v
						}
					}
				}
			}
		}
	}
}

// pairs reports whether the vector kernels do it: windows of 2×2 side by side.
func (t *poolTask[T]) pairs() bool { return t.kernels != nil && t.size == 2 && t.stride == 2 }

// MaxPool2D computes the greatest of each window.
func (b *Backend[T]) MaxPool2D(y, x glyph.Tensor, p glyph.Pool) {
	glyph.CheckMaxPool2D(y, x, p)
	b.pool = poolTask[T]{
		kernels: b.kernels,
		y:       b.data(y), x: b.data(x), size: p.Size, stride: p.Stride,
		h: x.Shape[1], w: x.Shape[2], c: x.Shape[3], p: y.Shape[1], q: y.Shape[2],
	}
	b.workers.run(&b.pool, x.Shape[0])
}

type poolBackTask[T Float] struct {
	poolTask[T]
	dx, dy []T
}

func (t *poolBackTask[T]) part(_, image int) {
	x := t.x[image*t.h*t.w*t.c:][:t.h*t.w*t.c]
	dx := t.dx[image*len(x):][:len(x)]
	y := t.y[image*t.p*t.q*t.c:]
	dy := t.dy[image*t.p*t.q*t.c:]
	if t.pairs() {
		for p := range t.p {
			upper, lower := x[2*p*t.w*t.c:][:t.w*t.c], x[(2*p+1)*t.w*t.c:][:t.w*t.c]
			dUpper, dLower := dx[2*p*t.w*t.c:][:t.w*t.c], dx[(2*p+1)*t.w*t.c:][:t.w*t.c]
			row := t.q * t.c
			t.kernels.Max2x2Grad(dUpper, dLower, dy[p*row:][:row], y[p*row:], upper, lower, t.c)
			clear(dUpper[2*row:])
			clear(dLower[2*row:])
		}
		clear(dx[2*t.p*t.w*t.c:])
		return
	}
	clear(dx)
	for p := range t.p {
		for q := range t.q {
			at := (p*t.stride*t.w + q*t.stride) * t.c
			for c := range t.c {
				best := y[(p*t.q+q)*t.c+c]
				if i := t.first(x[at+c:], best); i >= 0 {
					dx[at+c+i] += dy[(p*t.q+q)*t.c+c]
				}
			}
		}
	}
}

// first is where in a window that begins at x[0] the value stands first, in
// row-major order, or -1.
func (t *poolBackTask[T]) first(x []T, value T) int {
	for r := range t.size {
		for s := range t.size {
			if i := (r*t.w + s) * t.c; x[i] == value {
				return i
			}
		}
	}
	return -1
}

// MaxPool2DBackward sends each dy to the element its window took.
func (b *Backend[T]) MaxPool2DBackward(dx, dy, y, x glyph.Tensor, p glyph.Pool) {
	glyph.CheckMaxPool2DBackward(dx, dy, y, x, p)
	b.poolBack = poolBackTask[T]{
		poolTask: poolTask[T]{
			kernels: b.kernels,
			y:       b.data(y), x: b.data(x), size: p.Size, stride: p.Stride,
			h: x.Shape[1], w: x.Shape[2], c: x.Shape[3], p: y.Shape[1], q: y.Shape[2],
		},
		dx: b.data(dx), dy: b.data(dy),
	}
	b.workers.run(&b.poolBack, x.Shape[0])
}
