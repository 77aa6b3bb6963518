package cpu_test

import (
	"fmt"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

	"glyph"
	"glyph/cpu"
)

// BenchmarkGemm measures float32 products through blas32, on gonum and on the
// vector kernels with one worker and two, with the share of the processor's
// peak measured in the same run.
func BenchmarkGemm(b *testing.B) {
	type shape struct{ m, n, k int }
	shapes := []shape{{1024, 1024, 1024}, {128, 256, 784}, {256, 784, 128}, {16, 256, 784}, {256, 784, 16}, {128, 10, 256}}
	gonum := blas32.Implementation()
	defer blas32.Use(gonum)
	for _, workers := range []int{0, 1, 2} {
		name, peak := "gonum", 0.0
		if workers > 0 {
			name = fmt.Sprintf("%s/%dworkers", cpu.Kernel(), workers)
			if !cpu.UseBLAS(workers) {
				b.Skip("no vector kernels in this build or on this processor")
			}
			backend := cpu.New[float32](workers)
			peak = backend.Peak()
			backend.Close() //nolint:errcheck // it has failed nowhere
		}
		for _, s := range shapes {
			for _, t := range []struct {
				name string
				a, b blas.Transpose
			}{{"NN", blas.NoTrans, blas.NoTrans}, {"NT", blas.NoTrans, blas.Trans}, {"TN", blas.Trans, blas.NoTrans}} {
				b.Run(fmt.Sprintf("%s/%dx%dx%d/%s", name, s.m, s.n, s.k, t.name), func(b *testing.B) {
					x, y := general(s.m, s.k, t.a, 1), general(s.k, s.n, t.b, 2)
					c := general(s.m, s.n, blas.NoTrans, 3)
					for b.Loop() {
						blas32.Gemm(t.a, t.b, 1, x, y, 0, c)
					}
					speed := 2 * float64(s.m*s.n*s.k) * float64(b.N) / b.Elapsed().Seconds()
					b.ReportMetric(speed/1e9, "GFLOP/s")
					if peak > 0 {
						b.ReportMetric(100*speed/peak, "%peak")
					}
				})
			}
		}
	}
}

// general is a rows×cols matrix, kept transposed if t says so.
func general(rows, cols int, t blas.Transpose, id uint32) blas32.General {
	if t != blas.NoTrans {
		rows, cols = cols, rows
	}
	g := blas32.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float32, rows*cols)}
	random := glyph.NewRand(1, glyph.StreamTest, id)
	for i := range g.Data {
		g.Data[i] = float32(random.Normal())
	}
	return g
}
