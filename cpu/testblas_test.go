package cpu_test

import (
	"testing"

	"gonum.org/v1/gonum/blas/testblas"

	"glyph/cpu"
)

// gonum's own tests of a BLAS. They are of float64; TestGemm and TestGemmEdges
// hold float32 to the same.
func TestBLASIsGonums(t *testing.T) {
	eachKernel(t, func(t *testing.T) {
		b, ok := cpu.NewBLAS(2)
		if !ok {
			t.Skip("no vector kernels in this build or on this processor")
		}
		defer b.Close() //nolint:errcheck // its backends fail nowhere
		testblas.TestDgemm(t, b)
		testblas.DsymmTest(t, b)
		testblas.DsyrkTest(t, b)
		testblas.DtrmmTest(t, b)
		testblas.DtrsmTest(t, b)
		testblas.DgemvTest(t, b)
	})
}
