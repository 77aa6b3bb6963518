//go:build cgo

package gpu

import (
	"fmt"
	"math"
	"testing"

	"glyph"
)

// The kernel for one channel gives the bits of the one for any, whatever the geometry and
// the numbers.
func TestFirstConvolutionForward(t *testing.T) {
	t.Parallel()
	b := open(t)
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	odd := []float32{inf, -inf, nan, 0, float32(math.Copysign(0, -1)), 1e-30, -1e-30, 3e38}
	r := glyph.NewRand(7, glyph.StreamTest, 1)
	for _, c := range []struct {
		x, w glyph.Shape
		c    glyph.Conv
		bias bool
		odd  int // one in how many numbers is odd; -1: products all vanish, and biases are -0
	}{
		{glyph.Shape{2, 28, 28, 1}, glyph.Shape{32, 3, 3, 1}, glyph.Conv{Stride: 1, Pad: 1}, true, 0},
		{glyph.Shape{3, 13, 7, 1}, glyph.Shape{8, 3, 3, 1}, glyph.Conv{Stride: 1}, false, 9},
		{glyph.Shape{2, 9, 31, 1}, glyph.Shape{20, 5, 5, 1}, glyph.Conv{Stride: 1, Pad: 2}, true, 50},
		{glyph.Shape{1, 15, 10, 1}, glyph.Shape{68, 3, 2, 1}, glyph.Conv{Stride: 2, Pad: 1}, true, 30},
		{glyph.Shape{2, 5, 4, 1}, glyph.Shape{4, 2, 2, 1}, glyph.Conv{Stride: 3, Pad: 1}, false, 5},
		{glyph.Shape{1, 9, 8, 1}, glyph.Shape{8, 3, 3, 1}, glyph.Conv{Stride: 1}, true, -1},
		{glyph.Shape{1, 9, 8, 1}, glyph.Shape{8, 2, 2, 1}, glyph.Conv{Stride: 1}, true, -1},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			shape, err := c.c.Shape(c.x, c.w)
			if err != nil {
				t.Fatal(err)
			}
			x, w, bias := glyph.NewTensor(b, c.x), glyph.NewTensor(b, c.w), glyph.Tensor{}
			tensors := []glyph.Tensor{x, w}
			if c.bias {
				bias = glyph.NewTensor(b, glyph.Shape{c.w[0]})
				tensors = append(tensors, bias)
			}
			for _, x := range tensors {
				v := make([]float32, x.Size())
				for i := range v {
					if v[i] = float32(r.Float64()*2 - 1); c.odd > 0 && r.IntN(c.odd) == 0 {
						v[i] = odd[r.IntN(len(odd))]
					}
					if c.odd < 0 {
						v[i] = float32(math.Copysign(1e-30, float64(v[i])))
					}
					if c.odd < 0 && x == bias {
						v[i] = float32(math.Copysign(0, -1))
					}
				}
				b.Write(x, v)
			}
			act := glyph.Activation{Kind: glyph.ReLU}
			if c.odd < 0 {
				act = glyph.Activation{} // ReLU takes -0 for 0
			}
			var got [2][]float32
			for i := range got {
				b.noFirst = i == 0
				y := glyph.NewTensor(b, shape)
				b.Conv2D(y, x, w, bias, c.c, act)
				got[i] = make([]float32, y.Size())
				if err := b.Read(got[i], y); err != nil {
					t.Fatal(err)
				}
			}
			for i, want := range got[0] {
				if v := got[1][i]; math.Float32bits(v) != math.Float32bits(want) && (v == v || want == want) {
					t.Fatalf("element %d is %v, want %v", i, v, want)
				}
			}
		})
	}
	if !usesKernel(b, conv2dFirst) || !usesKernel(b, conv2d) {
		t.Error("both are the same kernel")
	}
}

// The gradients' sums are cut by the shapes alone: a device that computes on the CPU, where
// an invocation is many members of a team, gives the bits of one that does not, and of
// Intel's, where it adds up half of the taps at a time if they are many.
func TestFirstConvolutionSums(t *testing.T) {
	t.Parallel()
	b := open(t)
	r := glyph.NewRand(7, glyph.StreamTest, 2)
	for _, c := range []struct {
		x, w glyph.Shape
		c    glyph.Conv
	}{
		{glyph.Shape{3, 28, 28, 1}, glyph.Shape{32, 3, 3, 1}, glyph.Conv{Stride: 1, Pad: 1}},
		{glyph.Shape{1, 13, 9, 1}, glyph.Shape{68, 3, 3, 1}, glyph.Conv{Stride: 1}},
		{glyph.Shape{2, 9, 31, 1}, glyph.Shape{8, 5, 5, 1}, glyph.Conv{Stride: 1, Pad: 2}},
		{glyph.Shape{1, 8, 6, 1}, glyph.Shape{4, 3, 2, 1}, glyph.Conv{Stride: 2, Pad: 1}},
	} {
		shape, err := c.c.Shape(c.x, c.w)
		if err != nil {
			t.Fatal(err)
		}
		var in [3]glyph.Tensor
		for i, s := range [...]glyph.Shape{c.x, shape, shape} {
			in[i] = glyph.NewTensor(b, s)
			v := make([]float32, s.Size())
			for j := range v {
				v[j] = float32(r.Float64()*2 - 1)
			}
			b.Write(in[i], v)
		}
		w := glyph.NewTensor(b, c.w)
		var got [3][]float32
		for i := range got {
			b.device.Software, b.device.Vendor = i == 0, [...]string{"", "", "Intel"}[i]
			dw, db := glyph.NewTensor(b, c.w), glyph.NewTensor(b, glyph.Shape{c.w[0]})
			b.Conv2DBackward(glyph.Tensor{}, dw, db, in[1], in[2], in[0], w, c.c, glyph.Activation{Kind: glyph.ReLU})
			for _, x := range [...]glyph.Tensor{dw, db} {
				v := make([]float32, x.Size())
				if err := b.Read(v, x); err != nil {
					t.Fatal(err)
				}
				got[i] = append(got[i], v...)
			}
		}
		for _, other := range got[1:] {
			sameBits(t, fmt.Sprint(c), other, got[0])
		}
		if got[0][0] == 0 {
			t.Error("nothing was computed")
		}
	}
	ways := map[[2]bool]bool{}
	for key := range b.programs {
		if key.kernel == conv2dFirstBackward {
			ways[[2]bool{key.values[firstValues] > 1, key.values[firstValues+2] > 0}] = true
		}
	}
	if len(ways) != 3 {
		t.Errorf("they were computed in %d ways: %v", len(ways), ways)
	}
}

func usesKernel(b *Backend, k *kernel) bool {
	for key := range b.programs {
		if key.kernel == k {
			return true
		}
	}
	return false
}
