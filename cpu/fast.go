package cpu

import (
	"os"

	"glyph/cpu/internal/simd"
)

// KernelsVariable is the environment variable that names the vector kernels to
// use, "avx512" or "avx2"; "none" leaves gonum and plain loops, as does the name
// of kernels that the processor or the build lacks. Unset, the fastest are used.
const KernelsVariable = "GLYPH_CPU_KERNELS"

// Kernels is the names of the vector kernels that this processor and build run,
// the fastest first.
func Kernels() (names []string) {
	for _, k := range simd.For[float32]() {
		names = append(names, k.Name)
	}
	return names
}

// Kernel says what computes products in float32: "avx512 packed gemm", "avx2
// packed gemm" or "gonum".
func Kernel() string { return kernelName(kernels[float32]()) }

func kernelName[T Float](k *simd.Kernels[T]) string {
	if k == nil {
		return "gonum"
	}
	return k.Name + " packed gemm"
}

// kernels is the vector kernels to use, or nil.
func kernels[T Float]() *simd.Kernels[T] {
	name := os.Getenv(KernelsVariable)
	for _, k := range simd.For[T]() {
		if name == "" || name == k.Name {
			return k
		}
	}
	return nil
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
