// Products measures float32 matrix products on the CPU backend's kernels through
// gonum's blas32, for bench/peers.py, which measures OpenBLAS's interleaved with it.
//
//	products WORKERS M N K
//
// prints one JSON object: GFLOP/s, the best of many products and the median, and
// the processor's peak in multiply-adds on registers, measured between them.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

	"glyph/cpu"
)

const rounds = 60

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "products:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 4 {
		return fmt.Errorf("usage: products WORKERS M N K")
	}
	var n [4]int
	for i, arg := range args {
		v, err := strconv.Atoi(arg)
		if err != nil || v < 1 {
			return fmt.Errorf("%q is not a number of workers, rows or columns", arg)
		}
		n[i] = v
	}
	kernels, ok := cpu.NewBLAS(n[0])
	if !ok {
		return fmt.Errorf("no vector kernels: %s", cpu.Plain())
	}
	defer kernels.Close() //nolint:errcheck // its backends fail nowhere
	blas32.Use(kernels)
	b := cpu.New[float32](n[0])
	defer b.Close() //nolint:errcheck // as above
	return json.NewEncoder(os.Stdout).Encode(measure(b, n[1], n[2], n[3]))
}

// result is in GFLOP/s.
type result struct {
	Kernels string  `json:"kernels"`
	Best    float64 `json:"best"`
	Median  float64 `json:"median"`
	Peak    float64 `json:"peak"`
}

// measure takes rounds of products, a few milliseconds each, and a measure of
// the peak after each.
func measure(b *cpu.Backend[float32], m, n, k int) result {
	x, y, c := matrix(m, k), matrix(k, n), matrix(m, n)
	flops := 2 * float64(m) * float64(n) * float64(k)
	calls := 1 + int(2e8/flops)
	var speeds []float64
	peak := 0.0
	for range rounds {
		start := time.Now()
		for range calls {
			blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, x, y, 0, c)
		}
		speeds = append(speeds, flops*float64(calls)/time.Since(start).Seconds()/1e9)
		peak = max(peak, b.MeasurePeak(1)/1e9)
	}
	slices.Sort(speeds)
	return result{Kernels: b.Kernel(), Best: speeds[rounds-1], Median: speeds[rounds/2], Peak: peak}
}

// matrix is one of small numbers, none of them zero.
func matrix(rows, cols int) blas32.General {
	g := blas32.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float32, rows*cols)}
	for i := range g.Data {
		g.Data[i] = float32(i%13-6) + 0.5
	}
	return g
}
