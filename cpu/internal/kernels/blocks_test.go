//go:build unix

package kernels

import (
	"math"
	"testing"

	"glyph"
	"glyph/cpu/internal/guard"
)

// both runs f for every set of kernels of both types, at both ends of pages.
func both(t *testing.T, f32 func(*testing.T, *Kernels[float32], bool), f64 func(*testing.T, *Kernels[float64], bool)) {
	for _, atEnd := range []bool{false, true} {
		for _, k := range For[float32]() {
			t.Run(k.Name+"/float32", func(t *testing.T) { f32(t, k, atEnd) })
		}
		for _, k := range For[float64]() {
			t.Run(k.Name+"/float64", func(t *testing.T) { f64(t, k, atEnd) })
		}
	}
}

func TestTranspose(t *testing.T) { both(t, testTranspose[float32], testTranspose[float64]) }

func testTranspose[T Float](t *testing.T, k *Kernels[T], atEnd bool) {
	for n := range 20 {
		for rows := range 20 {
			stride, width := rows+n%3, n+rows%3
			w := guard.Slice[T](t, max((n-1)*stride+rows, 0), atEnd)
			dst := guard.Slice[T](t, max((rows-1)*width+n, 0), atEnd)
			fill(w, 1)
			k.Transpose(dst, w, stride, n, rows, width)
			for i := range dst {
				want := T(0)
				if i%width < n {
					want = w[i%width*stride+i/width]
				}
				if dst[i] != want {
					t.Fatalf("%d×%d: [%d] = %v, want %v", n, rows, i, dst[i], want)
				}
			}
		}
	}
}

func TestRows(t *testing.T) { both(t, testRows[float32], testRows[float64]) }

func testRows[T Float](t *testing.T, k *Kernels[T], atEnd bool) {
	for n := range 67 {
		for rows := range 5 {
			from, to := n+n%3, n+rows%3
			src, dst := guard.Slice[T](t, max((rows-1)*from+n, 0), atEnd), guard.Slice[T](t, max((rows-1)*to+n, 0), atEnd)
			fill(src, 1)
			k.Rows(dst, src, n, rows, to, from)
			for i := range dst {
				want := T(0)
				if i%to < n {
					want = src[i/to*from+i%to]
				}
				if dst[i] != want {
					t.Fatalf("%d rows of %d: [%d] = %v, want %v", rows, n, i, dst[i], want)
				}
			}
		}
	}
}

func TestSums(t *testing.T) { both(t, testSums[float32], testSums[float64]) }

// Columns, four sums at a time, and squares, 256 bytes at a time.
func testSums[T Float](t *testing.T, k *Kernels[T], atEnd bool) {
	for n := range 36 {
		for rows := range 11 {
			stride := n + rows%2
			dst, m := guard.Slice[T](t, n, atEnd), guard.Slice[T](t, max((rows-1)*stride+n, 0), atEnd)
			fill(dst, 1)
			fill(m, 2)
			before := append([]T(nil), dst...)
			k.Columns(dst, m, rows, stride)
			for j := range dst {
				want := float64(before[j])
				size := math.Abs(want)
				for r := range rows {
					want += float64(m[r*stride+j])
					size += math.Abs(float64(m[r*stride+j]))
				}
				if d := math.Abs(float64(dst[j]) - want); !(d <= 4*unit[T]()*size) {
					t.Fatalf("%d rows of %d: [%d] = %v, want %v", rows, n, j, dst[j], want)
				}
			}
		}
	}
	for _, n := range []int{0, 1, 31, 32, 33, 63, 64, 65, 127, 128, 129, 511, 512, 513, 1100} {
		x := guard.Slice[T](t, n, atEnd)
		fill(x, 3)
		want := 0.0
		for _, v := range x {
			want += float64(v) * float64(v)
		}
		if got := k.Squares(x, new([64]T)); !(math.Abs(got-want) <= (9*unit[T]()+float64(n)*0x1p-53)*want) {
			t.Errorf("squares of %d: %v, want %v", n, got, want)
		}
	}
}

func TestPixels(t *testing.T) { both(t, testPixels[float32], testPixels[float64]) }

func testPixels[T Float](t *testing.T, k *Kernels[T], atEnd bool) {
	for n := range 70 {
		x, pixels := guard.Slice[T](t, n, atEnd), guard.Slice[byte](t, n, atEnd)
		for i := range pixels {
			pixels[i] = byte(i*37 + 200)
		}
		k.Normalise(x, pixels, 33.5, 0.0117)
		for i, v := range pixels {
			if want := (T(v) - 33.5) * 0.0117; x[i] != want {
				t.Fatalf("%d pixels: [%d] = %v, want %v", n, i, x[i], want)
			}
		}
	}
}

func TestPool(t *testing.T) { both(t, testPool[float32], testPool[float64]) }

// Windows of numbers with equals, infinities and NaNs among them.
func testPool[T Float](t *testing.T, k *Kernels[T], atEnd bool) {
	for c := 1; c < 36; c++ {
		for pixels := range 4 {
			upper, lower := guard.Slice[T](t, 2*pixels*c, atEnd), guard.Slice[T](t, 2*pixels*c, atEnd)
			dUpper, dLower := guard.Slice[T](t, len(upper), atEnd), guard.Slice[T](t, len(lower), atEnd)
			y, dy := guard.Slice[T](t, pixels*c, atEnd), guard.Slice[T](t, pixels*c, atEnd)
			fill(upper, 1)
			fill(lower, 2)
			fill(dy, 3)
			fill(dUpper, 4)
			for i := range upper {
				switch i % 5 {
				case 0:
					lower[i] = upper[i]
				case 3:
					lower[i] = T(math.Inf(i%2*2 - 1))
				case 4:
					if i%3 == 0 {
						upper[i] = T(math.NaN())
					}
				}
			}
			k.Max2x2(y, upper, lower, c)
			k.Max2x2Grad(dUpper, dLower, dy, y, upper, lower, c)
			for i := range y {
				l := i/c*2*c + i%c
				window, grads := []T{upper[l], upper[l+c], lower[l], lower[l+c]}, []T{dUpper[l], dUpper[l+c], dLower[l], dLower[l+c]}
				if want := max(window[0], window[1], window[2], window[3]); y[i] != want && (y[i] == y[i] || want == want) {
					t.Fatalf("%d channels: y[%d] = %v of %v", c, i, y[i], window)
				}
				left := dy[i]
				for j, v := range window {
					want := T(0)
					if v == y[i] {
						want, left = left, 0
					}
					if grads[j] != want {
						t.Fatalf("%d channels: gradients %v of %v, y %v, dy %v", c, grads, window, y[i], dy[i])
					}
				}
			}
		}
	}
}

func TestDropout(t *testing.T) { both(t, testDropout[float32], testDropout[float64]) }

func testDropout[T Float](t *testing.T, k *Kernels[T], atEnd bool) {
	counter, key := [4]uint32{99, 7, 1 << 31, 3}, [2]uint32{12345, 678910}
	for n := range 133 {
		for _, threshold := range []uint32{0, 1 << 30, 1<<31 + 5, math.MaxUint32} {
			x, y := guard.Slice[T](t, n, atEnd), guard.Slice[T](t, n, atEnd)
			fill(x, 1)
			block := uint32(math.MaxUint32 - 5) // goes around
			k.Dropout(y, x, block, &counter, &key, threshold, 1.25)
			for i, v := range x {
				want := T(0)
				if glyph.Philox([4]uint32{block + uint32(i/4), counter[1], counter[2], counter[3]}, key)[i%4] >= threshold {
					want = v * 1.25
				}
				if y[i] != want {
					t.Fatalf("%d elements, threshold %d: [%d] = %v, want %v", n, threshold, i, y[i], want)
				}
			}
		}
	}
}
