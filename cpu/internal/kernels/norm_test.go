//go:build unix

package kernels

import (
	"math"
	"slices"
	"testing"

	"glyph/cpu/internal/guard"
)

// normArrays is what the kernels of batch normalisation work on.
type normArrays[T Float] struct {
	center, factor, slope, shift []T // of the channels
	x, y, dy                     []T
	n                            int
}

func newNormArrays[T Float](t *testing.T, n, rows int, atEnd bool) (a normArrays[T]) {
	array := func(n int, id uint32) []T {
		v := guard.Slice[T](t, n, atEnd)
		fill(v, id)
		return v
	}
	a = normArrays[T]{array(n, 1), array(n, 2), array(n, 3), array(n, 4), array(n*rows, 5), array(n*rows, 6), array(n*rows, 7), n}
	return a
}

// dz is dy, or what ReLU lets through.
func (a *normArrays[T]) dz(i int, relu bool) float64 {
	if relu && !(a.y[i] > 0) {
		return 0
	}
	return float64(a.dy[i])
}

// run is all that the kernels make of the arrays.
func (a *normArrays[T]) run(t *testing.T, k *Kernels[T], relu, atEnd bool) (got [][]T) {
	for _, n := range []int{a.n, a.n, a.n, a.n, len(a.x), len(a.x), a.n} {
		got = append(got, guard.Slice[T](t, n, atEnd))
	}
	y := a.y
	if !relu {
		y = nil
	}
	scratch := guard.Slice[T](t, k.NormScratch(a.n), atEnd)
	k.Totals(got[6], a.x, scratch)
	k.Deviations(got[0], got[1], a.center, a.x)
	k.NormSums(got[2], got[3], a.center, a.dy, y, a.x, scratch)
	k.Affine(got[4], a.x, a.center, a.factor, a.shift, relu, scratch)
	k.NormGrad(got[5], a.dy, y, a.x, a.center, a.factor, a.slope, a.shift, scratch)
	return got
}

// want is the same by its formulas, with the sizes of the terms beside.
func (a *normArrays[T]) want(relu bool) (want, size [][]float64) {
	for _, n := range []int{a.n, a.n, a.n, a.n, len(a.x), len(a.x), a.n} {
		want, size = append(want, make([]float64, n)), append(size, make([]float64, n))
	}
	term := func(which, at int, v float64) {
		want[which][at] += v
		size[which][at] += math.Abs(v)
	}
	for i, v := range a.x {
		c := i % a.n
		d, dz := float64(v)-float64(a.center[c]), a.dz(i, relu)
		term(6, c, float64(v))
		term(0, c, d)
		term(1, c, d*d)
		term(2, c, dz)
		term(3, c, dz*d)
		term(4, i, float64(a.factor[c])*d)
		term(4, i, float64(a.shift[c]))
		if relu {
			want[4][i] = max(want[4][i], 0)
		}
		term(5, i, float64(a.factor[c])*dz)
		term(5, i, float64(a.slope[c])*d)
		term(5, i, float64(a.shift[c]))
	}
	return want, size
}

// Every kernel of batch normalisation, at 0 to 4 vectors of channels and one more and
// at rows in fours and not, between pages that fault; both instruction sets give the
// same bits.
func TestNorms(t *testing.T) {
	t.Run("float32", func(t *testing.T) { testNorms[float32](t) })
	t.Run("float64", func(t *testing.T) { testNorms[float64](t) })
}

func testNorms[T Float](t *testing.T) {
	if len(For[T]()) == 0 {
		t.Skip("no vector kernels on this processor")
	}
	for n := range 36 {
		if n > 33 {
			n = n*16 - 448 // 96 and 112
		}
		for _, rows := range []int{0, 1, 2, 3, 4, 5, 11, 18} {
			for _, relu := range []bool{false, true} {
				var first [][]T
				for _, k := range For[T]() {
					for _, atEnd := range []bool{false, true} {
						a := newNormArrays[T](t, n, rows, atEnd)
						got := a.run(t, k, relu, atEnd)
						checkNorms(t, k.Name, n, rows, got, &a, relu)
						if first == nil {
							first = got
						}
						for i := range got {
							if !slices.Equal(got[i], first[i]) {
								t.Fatalf("%d rows of %d with %s: [%d] has other bits", rows, n, k.Name, i)
							}
						}
					}
				}
			}
		}
	}
}

func checkNorms[T Float](t *testing.T, name string, n, rows int, got [][]T, a *normArrays[T], relu bool) {
	t.Helper()
	want, size := a.want(relu)
	for i := range got {
		for j, v := range got[i] {
			if d := math.Abs(float64(v) - want[i][j]); !(d <= 8*unit[T]()*size[i][j]) {
				t.Fatalf("%d rows of %d with %s, ReLU %t: [%d][%d] = %v, want %v", rows, n, name, relu, i, j, v, want[i][j])
			}
		}
	}
}

// A NaN stays one, also where ReLU is fused in, and what ReLU shuts off is 0 whatever
// the gradient is.
func TestNormsKeepNaN(t *testing.T) {
	for _, k := range For[float32]() {
		const n, rows = 19, 5
		a := newNormArrays[float32](t, n, rows, true)
		nan := float32(math.NaN())
		a.x[3], a.x[n+17], a.dy[40], a.y[40] = nan, nan, nan, -1
		for _, relu := range []bool{false, true} {
			got := a.run(t, k, relu, true)
			for _, i := range []int{3, n + 17} {
				if y, dx := got[4][i], got[5][i]; y == y || dx == dx {
					t.Errorf("%s, ReLU %t: of a NaN y %v and dx %v", k.Name, relu, y, dx)
				}
			}
			if v := got[2][40%n]; (v == v) != relu {
				t.Errorf("%s, ReLU %t: Σ dz = %v", k.Name, relu, v)
			}
		}
	}
}
