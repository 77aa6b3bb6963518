package cpu_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

	"glyph"
	"glyph/cpu"
)

// BenchmarkGemm measures float32 products through blas32, on gonum and on the
// vector kernels with one worker and with two. Each round of products is
// followed by one at the processor's peak, and the share is the median over the
// rounds: what disturbs one disturbs the other.
func BenchmarkGemm(b *testing.B) {
	type shape struct{ m, n, k int }
	shapes := []shape{{1024, 1024, 1024}, {128, 256, 784}, {256, 784, 128}, {16, 256, 784}, {256, 784, 16}, {128, 10, 256}}
	operands := []struct {
		name string
		a, b blas.Transpose
	}{{"NN", blas.NoTrans, blas.NoTrans}, {"NT", blas.NoTrans, blas.Trans}, {"TN", blas.Trans, blas.NoTrans}}
	for _, workers := range []int{0, 1, 2} {
		name := "gonum"
		if workers > 0 {
			name = fmt.Sprintf("%s/%dworkers", cpu.Kernel(), workers)
			useBLAS(b, workers)
		}
		backend := cpu.New[float32](max(workers, 1))
		for _, s := range shapes {
			for _, t := range operands {
				b.Run(fmt.Sprintf("%s/%dx%dx%d/%s", name, s.m, s.n, s.k, t.name), func(b *testing.B) {
					x, y := general(s.m, s.k, t.a, 1), general(s.k, s.n, t.b, 2)
					c := general(s.m, s.n, blas.NoTrans, 3)
					flops := 2 * float64(s.m*s.n*s.k)
					calls := 1 + int(2e8/flops)
					var speeds, shares []float64
					for b.Loop() {
						start := time.Now()
						for range calls {
							blas32.Gemm(t.a, t.b, 1, x, y, 0, c)
						}
						speed := flops * float64(calls) / time.Since(start).Seconds()
						speeds = append(speeds, speed)
						if peak := backend.MeasurePeak(1); peak > 0 {
							shares = append(shares, speed/peak)
						}
					}
					b.ReportMetric(median(speeds)/1e9, "GFLOP/s")
					if len(shares) > 0 {
						b.ReportMetric(100*median(shares), "%peak")
					}
				})
			}
		}
		backend.Close() //nolint:errcheck // it has failed nowhere
	}
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
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
