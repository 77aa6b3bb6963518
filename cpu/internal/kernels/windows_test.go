//go:build unix

package kernels

import (
	"math"
	"testing"

	"glyph/cpu/internal/guard"
)

func TestWindows(t *testing.T) { both(t, testWindows[float32], testWindows[float64]) }

// lineOf is windows of size×size on lines of pixels that are so wide, and memory for
// them without a number to spare.
func lineOf[T Float](t *testing.T, size, stride, n, c int, atEnd bool) (w *Windows, x, y []T) {
	width := (n-1)*stride + size
	w = &Windows{Step: stride * c, C: c, Offsets: guard.Slice[int](t, size*size, atEnd)}
	for i := range w.Offsets {
		w.Offsets[i] = (i/size*width + i%size) * c
	}
	return w, guard.Slice[T](t, size*width*c, atEnd), guard.Slice[T](t, n*c, atEnd)
}

// Windows of numbers with equals, infinities and NaNs among them, apart from each
// other, side by side and overlapping: each is computed as a plain loop does it, to
// the bit.
func testWindows[T Float](t *testing.T, k *Kernels[T], atEnd bool) {
	for c := 1; c < 36; c++ {
		for _, g := range [][3]int{{1, 1, 3}, {2, 2, 3}, {3, 2, 3}, {3, 1, 4}, {2, 3, 2}, {5, 1, 1}} {
			w, x, y := lineOf[T](t, g[0], g[1], g[2], c, atEnd)
			dx, dy := guard.Slice[T](t, len(x), atEnd), guard.Slice[T](t, len(y), atEnd)
			fill(x, 1)
			fill(dy, 2)
			fill(dx, 3)
			start := append([]T(nil), dx...)
			for _, special := range []bool{false, true} {
				for i := range x {
					switch {
					case special && i%11 == 3:
						x[i] = T(math.NaN())
					case special && i%7 == 2:
						x[i] = T(math.Inf(i%2*2 - 1))
					case i%5 == 0:
						x[i] = 1
					}
				}
				copy(dx, start)
				k.WindowSum(y, x, w, 0.375)
				k.WindowSpread(dx, dy, w, 0.375)
				checkWindows(t, w, y, x, dx, dy, start, func(window, grads []T, dy T) (y T) {
					for i, v := range window {
						y += v
						grads[i] = 0.375 * dy
					}
					return y * 0.375
				})
				copy(dx, start)
				k.WindowMax(y, x, w)
				k.WindowMaxGrad(dx, dy, y, x, w)
				checkWindows(t, w, y, x, dx, dy, start, func(window, grads []T, dy T) T {
					y, found := window[0], false
					for _, v := range window {
						y = max(y, v)
					}
					for i, v := range window {
						grads[i] = 0
						if v == y && !found {
							grads[i], found = dy, true
						}
					}
					return y
				})
			}
		}
	}
}

// checkWindows holds y and dx to what f makes of each window: its y, and the
// gradients of its elements.
func checkWindows[T Float](t *testing.T, w *Windows, y, x, dx, dy, start []T, f func(window, grads []T, dy T) T) {
	t.Helper()
	want := append([]T(nil), start...)
	window, grads := make([]T, len(w.Offsets)), make([]T, len(w.Offsets))
	same := func(a, b T) bool { return a == b || a != a && b != b }
	for i := range y {
		at := i/w.C*w.Step + i%w.C
		for j, o := range w.Offsets {
			window[j] = x[at+o]
		}
		if v := f(window, grads, dy[i]); !same(y[i], v) {
			t.Fatalf("%d channels, %d in a window: y[%d] = %v, want %v of %v", w.C, len(window), i, y[i], v, window)
		}
		for j, o := range w.Offsets {
			want[at+o] += grads[j]
		}
	}
	for i := range want {
		if !same(dx[i], want[i]) {
			t.Fatalf("%d channels, %d in a window: dx[%d] = %v, want %v", w.C, len(window), i, dx[i], want[i])
		}
	}
}

// A line that is too short is refused before the kernel reads beyond it.
func TestWindowsBeyondTheImage(t *testing.T) {
	for _, k := range For[float32]() {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: does not panic", k.Name)
				}
			}()
			k.WindowSum(make([]float32, 6), make([]float32, 16), &Windows{Offsets: []int{0, 3, 6, 9}, Step: 6, C: 3}, 1)
		}()
	}
}
