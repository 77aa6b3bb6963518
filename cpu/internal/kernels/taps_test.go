//go:build unix

package kernels

import (
	"math"
	"testing"

	"glyph/cpu/internal/guard"
)

func TestTapGrads(t *testing.T) { both(t, testTapGrads[float32], testTapGrads[float64]) }

// Every number of outputs up to two turns of two vectors and one more, and of
// positions up to twice four and one more, with and without y.
func testTapGrads[T Float](t *testing.T, k *Kernels[T], atEnd bool) {
	for outputs := range 4*k.Lanes + 2 {
		for n := range 10 {
			checkTapGrads(t, k, tapShape{n, outputs, 1 + n%2, n % 3, outputs%2 > 0}, atEnd)
		}
	}
	checkTapGrads(t, k, tapShape{300, 2*k.Lanes + 3, 1, 0, true}, atEnd) // in several blocks
}

func FuzzTapGrads(f *testing.F) {
	f.Add(uint8(7), uint8(33), uint8(1), true)
	f.Fuzz(func(t *testing.T, n, outputs, bits uint8, relu bool) {
		s := tapShape{int(n), int(outputs), 1 + int(bits)&3, int(bits>>2) & 3, relu}
		for _, atEnd := range []bool{false, true} {
			for _, k := range For[float32]() {
				checkTapGrads(t, k, s, atEnd)
			}
			for _, k := range For[float64]() {
				checkTapGrads(t, k, s, atEnd)
			}
		}
	})
}

// tapShape is so many positions, a stride apart in lines of seven, of an image
// whose lines have so many pixels more than needed.
type tapShape struct {
	n, outputs, stride, more int
	relu                     bool
}

func (s tapShape) offsets() (offsets []int, line int) {
	line = 6*s.stride + 3 + s.more
	for i := range s.n {
		offsets = append(offsets, i/7*s.stride*line+i%7*s.stride)
	}
	return offsets, line
}

// checkTapGrads holds the sums to plain ones, within 8·u·Σ|xy|·√n.
func checkTapGrads[T Float](t *testing.T, k *Kernels[T], s tapShape, atEnd bool) {
	t.Helper()
	offsets, line := s.offsets()
	pixels := 0
	if s.n > 0 {
		pixels = offsets[s.n-1] + 2*line + 3
	}
	x, dy := guard.Slice[T](t, pixels, atEnd), guard.Slice[T](t, s.n*s.outputs, atEnd)
	sums, bias := guard.Slice[T](t, 9*s.outputs, atEnd), guard.Slice[T](t, 4*s.outputs, atEnd)
	var y []T
	if s.relu {
		y = guard.Slice[T](t, len(dy), atEnd)
	}
	for i, a := range [][]T{x, dy, sums, bias, y} {
		fill(a, uint32(i))
	}
	places := guard.Slice[int](t, s.n, atEnd)
	copy(places, offsets)
	want := plainTapGrads(sums, bias, dy, y, x, offsets, line, s.outputs)
	k.TapGrads(sums, bias, dy, y, x, places, line, s.outputs, guard.Slice[T](t, k.TapScratch(s.outputs), atEnd))
	for i, v := range append(append([]T(nil), sums...), bias...) {
		if d := math.Abs(float64(v) - want[i][0]); !(d <= 8*unit[T]()*want[i][1]*math.Sqrt(float64(1+s.n))) {
			t.Fatalf("%s %T %+v at end %v: row %d of output %d is %v, want %v", k.Name, v, s, atEnd, i/s.outputs, i%s.outputs, v, want[i][0])
		}
	}
}

// plainTapGrads is the sums and then the bias's, each with the sum of the sizes
// of its terms.
func plainTapGrads[T Float](sums, bias, dy, y, x []T, offsets []int, line, outputs int) (all [][2]float64) {
	for _, v := range append(append([]T(nil), sums...), bias...) {
		all = append(all, [2]float64{float64(v), math.Abs(float64(v))})
	}
	for i, offset := range offsets {
		for j := range outputs {
			dz := float64(dy[i*outputs+j])
			if y != nil && !(y[i*outputs+j] > 0) {
				continue
			}
			add := func(row int, v float64) {
				all[row*outputs+j][0] += v
				all[row*outputs+j][1] += math.Abs(v)
			}
			for tap := range 9 {
				add(tap, dz*float64(x[offset+tap/3*line+tap%3]))
			}
			add(9+i%4, dz)
		}
	}
	return all
}

func TestColumns4(t *testing.T) { both(t, testColumns4[float32], testColumns4[float64]) }

// The rows in four sums, term by term.
func testColumns4[T Float](t *testing.T, k *Kernels[T], atEnd bool) {
	for n := range 36 {
		for rows := range 10 {
			dst, m := guard.Slice[T](t, 4*n, atEnd), guard.Slice[T](t, rows*n, atEnd)
			fill(dst, 1)
			fill(m, 2)
			want := append([]T(nil), dst...)
			for i, v := range m {
				want[i/n%4*n+i%n] += v
			}
			k.Columns4(dst, m)
			for i := range dst {
				if dst[i] != want[i] {
					t.Fatalf("%d rows of %d: [%d] = %v, want %v", rows, n, i, dst[i], want[i])
				}
			}
		}
	}
}

// A gradient passes where y is above 0, and nowhere else: not where it is 0 or
// no number.
func TestTapGradsReLU(t *testing.T) {
	for _, k := range For[float32]() {
		outputs := 5 * k.Width
		x, dy, y := make([]float32, 9), make([]float32, outputs), make([]float32, outputs)
		for i := range dy {
			dy[i], y[i] = 1, []float32{float32(math.NaN()), 0, -1, 1, float32(math.Inf(1))}[i%5]
		}
		sums, bias := make([]float32, 9*outputs), make([]float32, 4*outputs)
		for i := range x {
			x[i] = 1
		}
		k.TapGrads(sums, bias, dy, y, x, []int{0}, 3, outputs, make([]float32, k.TapScratch(outputs)))
		for i := range y {
			want := []float32{0, 0, 0, 1, 1}[i%5]
			if sums[i] != want || bias[i] != want {
				t.Errorf("%s: where y is %v: %v and %v, want %v", k.Name, y[i], sums[i], bias[i], want)
			}
		}
	}
}
