package cpu_test

import (
	"math"
	"slices"
	"testing"

	"glyph"
	"glyph/cpu"
)

// pools calls sums and every kind of pooling, forward and backward, on images with
// ties and a NaN, and returns all that they write. again calls them once more.
func pools(b glyph.Backend) (results func() []float32, again func()) {
	x := glyph.Shape{7, 9, 11, 21}
	tensor := func(s glyph.Shape, id uint32) glyph.Tensor {
		t, r := glyph.NewTensor(b, s), glyph.NewRand(1, glyph.StreamTest, id)
		v := make([]float32, s.Size())
		for i := range v {
			if v[i] = float32(r.Normal()); i%4 == 0 {
				v[i] = 1
			}
		}
		if id == 1 {
			v[5] = float32(math.NaN())
		}
		b.Write(t, v)
		return t
	}
	in, other, channels := tensor(x, 1), tensor(x, 2), tensor(glyph.Shape{x[0], x[3]}, 3)
	var written []glyph.Tensor
	result := func(s glyph.Shape) glyph.Tensor {
		t := glyph.NewTensor(b, s)
		written = append(written, t)
		return t
	}
	var calls []func()
	for _, act := range []glyph.Activation{{}, {Kind: glyph.ReLU}, {Kind: glyph.Tanh}} {
		y, dx := result(x), result(x)
		calls = append(calls, func() {
			b.Add(y, in, other, act)
			b.AddBackward(dx, other, y, act)
		})
	}
	for _, p := range []glyph.Pool{{Size: 2, Stride: 2}, {Size: 3, Stride: 2}, {Size: 2, Stride: 3}} {
		s, err := p.Shape(x)
		if err != nil {
			panic(err)
		}
		dy := tensor(s, 4)
		greatest, mean, dGreatest, dMean := result(s), result(s), result(x), result(x)
		calls = append(calls, func() {
			b.MaxPool2D(greatest, in, p)
			b.MaxPool2DBackward(dGreatest, dy, greatest, in, p)
			b.AvgPool2D(mean, in, p)
			b.AvgPool2DBackward(dMean, dy, p)
		})
	}
	for _, k := range []glyph.PoolKind{glyph.Average, glyph.Maximum} {
		y, dx := result(channels.Shape), result(x)
		calls = append(calls, func() {
			b.GlobalPool2D(y, in, k)
			b.GlobalPool2DBackward(dx, channels, y, in, k)
		})
	}
	again = func() {
		for _, call := range calls {
			call()
		}
	}
	return func() (all []float32) {
		again()
		for _, t := range written {
			v := make([]float32, t.Size())
			if err := b.Read(v, t); err != nil {
				panic(err)
			}
			all = append(all, v...)
		}
		return all
	}, again
}

// Neither the number of workers nor the instruction set changes a bit of a sum or of
// pooling, and none of them allocates.
func TestPoolBitsAreTheSame(t *testing.T) {
	for _, names := range [][]string{cpu.Kernels(), {"none"}} {
		var first []float32
		for _, name := range names {
			t.Setenv(cpu.KernelsVariable, name)
			for _, workers := range []int{1, 2, 3, 7} {
				b := cpu.New[float32](workers)
				results, again := pools(b)
				got := results()
				if first == nil {
					first = got
				} else if !slices.EqualFunc(first, got, func(a, b float32) bool { return a == b || a != a && b != b }) {
					t.Errorf("%s with %d workers has other bits than %s with 1", name, workers, names[0])
				}
				if n := testing.AllocsPerRun(5, again); n != 0 {
					t.Errorf("%s with %d workers: %v allocations", name, workers, n)
				}
				if err := b.Close(); err != nil {
					t.Error(err)
				}
			}
		}
	}
}
