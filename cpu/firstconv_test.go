package cpu_test

import (
	"slices"
	"testing"

	"glyph"
	"glyph/backendtest"
	"glyph/cpu"
)

// A 3×3 convolution of one channel has kernels of its own. These are of every
// number of outputs around its vectors and with every activation.
func firstConvs() (cases []*backendtest.Case) {
	acts := []glyph.Activation{
		{Kind: glyph.ReLU}, {Kind: glyph.None}, {Kind: glyph.Tanh}, {Kind: glyph.Sigmoid}, {Kind: glyph.LeakyReLU, Slope: 0.1},
	}
	for k := 1; k <= 66; k++ {
		c := glyph.Conv{Stride: 1 + k/3%3, Pad: k % 3}
		x, w := glyph.Shape{1 + k%4, 3 + k%14, 3 + k/2%13, 1}, glyph.Shape{k, 3, 3, 1}
		results := [][]string{{"dw", "db"}, {"dw"}, {"dx", "dw", "db"}}[k%7%3]
		act := acts[k%len(acts)]
		cases = append(cases, backendtest.Conv2DCase(x, w, k%4 > 0, c, act), backendtest.Conv2DBackwardCase(x, w, c, act, results...))
	}
	return cases
}

func TestFirstConvolution(t *testing.T) {
	if testing.Short() {
		t.Skip("assembly, which the race detector does not see")
	}
	checkAll(t, firstConvs())
}

// Neither the instruction set nor the number of workers changes a bit of it.
func TestFirstConvolutionBits(t *testing.T) {
	acts := []glyph.Activation{{Kind: glyph.ReLU}, {Kind: glyph.None}, {Kind: glyph.Tanh}}
	step := 1
	if testing.Short() {
		step = 6 // with the race detector
	}
	for k := 1; k <= 40; k += step {
		x, w := glyph.Shape{18 + k%2, 28, 5 + k%25, 1}, glyph.Shape{k, 3, 3, 1}
		c, act := glyph.Conv{Stride: 1 + k%2, Pad: k % 3}, acts[k%len(acts)]
		var first []float32
		for _, name := range cpu.Kernels() {
			for _, workers := range []int{1, 3} {
				t.Setenv(cpu.KernelsVariable, name)
				got := firstConv(t, x, w, c, act, workers)
				if first == nil {
					first = got
				}
				if !slices.Equal(first, got) {
					t.Fatalf("x %v, w %v, %+v, %v: %s with %d workers has other bits than %s with 1", x, w, c, act, name, workers, cpu.Kernels()[0])
				}
			}
		}
	}
}

// firstConv is y, dw and db of random numbers.
func firstConv(t *testing.T, x, w glyph.Shape, c glyph.Conv, act glyph.Activation, workers int) (all []float32) {
	t.Helper()
	b := cpu.New[float32](workers)
	r := glyph.NewRand(1, glyph.StreamTest, 1)
	tensor := func(shape glyph.Shape) glyph.Tensor {
		values := make([]float32, shape.Size())
		for i := range values {
			values[i] = float32(r.Normal())
		}
		tensor := glyph.NewTensor(b, shape)
		b.Write(tensor, values)
		return tensor
	}
	out, err := c.Shape(x, w)
	if err != nil {
		t.Fatal(err)
	}
	bias := glyph.Shape{w[0]}
	images, weights, y, dy, dw, db := tensor(x), tensor(w), tensor(out), tensor(out), tensor(w), tensor(bias)
	b.Conv2D(y, images, weights, tensor(bias), c, act)
	b.Conv2DBackward(glyph.Tensor{}, dw, db, dy, y, images, weights, c, act)
	for _, result := range []glyph.Tensor{y, dw, db} {
		values := make([]float32, result.Size())
		if err := b.Read(values, result); err != nil {
			t.Fatal(err)
		}
		all = append(all, values...)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	return all
}
