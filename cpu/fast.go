package cpu

import (
	"fmt"
	"os"

	"glyph/cpu/simd"
)

// PlainVariable is the environment variable that, set to 1, turns every vector
// kernel off: what is left is gonum and plain loops.
const PlainVariable = "GLYPH_CPU_PLAIN"

// Kernel says what computes products in float32: "avx512 packed gemm", "avx2
// packed gemm" or "gonum".
func Kernel() string { return kernelName(kernels[float32]()) }

func kernelName[T Float](k *simd.Kernels[T]) string {
	if k == nil {
		return "gonum"
	}
	return fmt.Sprintf("%s packed gemm", k.Name)
}

// kernels is the vector kernels to use, or nil.
func kernels[T Float]() *simd.Kernels[T] {
	if os.Getenv(PlainVariable) == "1" {
		return nil
	}
	return simd.For[T]()
}

// scratch is the memory of one worker.
type scratch[T Float] struct {
	tile      simd.Tile[T]
	dots      simd.Dots[T]
	image, dz []T      // a padded image, and a padded image's gradient
	_         [64]byte // no other worker's line
}

// zeros is what a tile starts from where nothing is added.
type zeros[T Float] [64]T
