package cpu_test

import (
	"fmt"
	"slices"
	"testing"

	"glyph"
	"glyph/backendtest"
	"glyph/cpu"
)

// Sizes around the constants of the packed product: the rows of a tile (4), its
// widths (8, 16, 32), the rows up to which b is read where it lies (32) or met
// in inner products (48), blocks of 64×128 and of 1024 deep.
var (
	aroundRows  = []int{1, 3, 4, 5, 31, 32, 33, 47, 48, 49, 63, 64, 65, 129}
	aroundCols  = []int{1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 127, 128, 129}
	aroundDepth = []int{1, 2, 3, 4, 5, 7, 31, 33, 257, 1023, 1024, 1025, 2049}
)

// kernelCases are layers whose products have such sizes: every size of each
// list with sizes of the others in turn, and convolutions drawn at random.
func kernelCases() (cases []*backendtest.Case) {
	acts := []glyph.Activation{{Kind: glyph.ReLU}, {Kind: glyph.None}, {Kind: glyph.LeakyReLU, Slope: 0.1}, {Kind: glyph.Tanh}}
	for i := range max(len(aroundRows), len(aroundCols), len(aroundDepth)) * 3 {
		m, n, k := aroundRows[i%len(aroundRows)], aroundCols[(5*i+i/14)%len(aroundCols)], aroundDepth[(7*i+i/12)%len(aroundDepth)]
		cases = append(cases,
			backendtest.DenseCase(m, k, n, i%2 == 0, acts[i%len(acts)]),
			// dw has n rows, k columns and depth m; dx is m×k, n deep.
			backendtest.DenseBackwardCase(m, k, n, acts[i%len(acts)], "dx", "dw", "db"),
			backendtest.DenseBackwardCase(k, m, n, acts[i%len(acts)], "dw"))
	}
	draw := glyph.NewRand(1, glyph.StreamTest, 0)
	for len(cases) < 260 {
		x := glyph.Shape{1 + draw.IntN(4), 1 + draw.IntN(13), 1 + draw.IntN(13), 1 + draw.IntN(20)}
		w := glyph.Shape{1 + draw.IntN(40), 1 + draw.IntN(5), 1 + draw.IntN(5), x[3]}
		c := glyph.Conv{Stride: 1 + draw.IntN(3), Pad: draw.IntN(min(w[1], w[2]))}
		if x[1]+2*c.Pad < w[1] || x[2]+2*c.Pad < w[2] {
			continue
		}
		act := acts[len(cases)%len(acts)]
		cases = append(cases, backendtest.Conv2DCase(x, w, len(cases)%3 > 0, c, act),
			backendtest.Conv2DBackwardCase(x, w, c, act, "dx", "dw", "db"))
	}
	for i, n := range []int{19, 35} { // several images at a time, and then fewer
		in, out := []int{5, 24}[i], []int{72, 9}[i] // 24 and 72 are tiles of three vectors
		x, w, c := glyph.Shape{n, 4 + i, 3, in}, glyph.Shape{out, 3, 3, in}, glyph.Conv{Stride: 1 + i, Pad: 1}
		cases = append(cases, backendtest.Conv2DCase(x, w, true, c, acts[0]),
			backendtest.Conv2DBackwardCase(x, w, c, acts[i], "dx", "dw", "db"))
	}
	return cases
}

func TestKernelSizes(t *testing.T) {
	if testing.Short() {
		t.Skip("hundreds of sizes")
	}
	checkAll(t, kernelCases())
}

// checkAll holds all kinds of backends to the cases.
func checkAll(t *testing.T, cases []*backendtest.Case) {
	t.Helper()
	all := kinds()
	backends := make([]glyph.Backend, len(all))
	for i, k := range all {
		backends[i] = k.Open(t)
	}
	share, where := make([]float64, len(all)), make([]string, len(all))
	for _, c := range cases {
		for i, r := range backendtest.CheckEach(backends, c) {
			for _, f := range r.Failures {
				t.Errorf("%s: %s %s: %s", all[i].Name, c.Op, c.Name, f)
			}
			if r.Share > share[i] {
				share[i], where[i] = r.Share, fmt.Sprintf("%s %s %s", c.Op, c.Name, r.Where)
			}
		}
	}
	for i, b := range backends {
		t.Logf("%s: %d cases; the largest share of a bound is %.2f, at %s", all[i].Name, len(cases), share[i], where[i])
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Neither the number of workers nor the instruction set changes a bit: parts of
// sums are cut by the problem and added in order, and every element is computed
// by the same chain of instructions.
func TestBitsAreTheSame(t *testing.T) {
	for _, names := range [][]string{cpu.Kernels(), {"none"}} {
		var first []float32
		for _, name := range names {
			t.Setenv(cpu.KernelsVariable, name)
			for _, workers := range []int{1, 2, 7} {
				b := cpu.New[float32](workers)
				got := append(steps(t, b, "cnn", 21, glyph.Momentum), steps(t, b, "mlp", 16, glyph.Adam)...)
				got = append(append(got, steps(t, b, "vgg", 3, glyph.AdamW)...), steps(t, b, "resnet", 2, glyph.SGD)...)
				if first == nil {
					first = got
				} else if !slices.Equal(first, got) {
					t.Errorf("%s with %d workers trains to other bits than %s with 1", name, workers, names[0])
				}
				if err := b.Close(); err != nil {
					t.Error(err)
				}
			}
		}
	}
}

// steps trains a preset for three steps and returns its parameters.
func steps(t *testing.T, b glyph.Backend, model string, batch int, rule glyph.OptimizerKind) []float32 {
	t.Helper()
	net, s := stepper(t, b, model, batch, rule)
	s.Take(3)
	w := make([]float32, net.W.Size())
	if err := b.Read(w, net.W); err != nil {
		t.Fatal(err)
	}
	return w
}
