package cpu_test

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/blas/gonum"
	"gonum.org/v1/gonum/mat"

	"glyph/cpu"
)

// Any program on gonum multiplies on the kernels: mat, stat, optimize.
func ExampleNewBLAS() {
	if kernels, ok := cpu.NewBLAS(0); ok { // else gonum's own stay
		blas64.Use(kernels)
		defer blas64.Use(gonum.Implementation{})
		defer kernels.Close() //nolint:errcheck // as in backends, nothing can fail
	}
	a := mat.NewDense(2, 3, []float64{
		1, 2, 3,
		4, 5, 6,
	})
	var gram mat.Dense
	gram.Mul(a, a.T())
	fmt.Println(mat.Formatted(&gram))
	// Output:
	// ⎡14  32⎤
	// ⎣32  77⎦
}
