package cpu

import (
	"fmt"
	"os"
	"runtime"

	"glyph"
	"glyph/cpu/internal/kernels"
)

// KernelsVariable is the environment variable that names the vector kernels to
// use, "avx512" or "avx2"; "none" leaves gonum and plain loops, as does the name
// of kernels that the processor lacks. Unset, the fastest are used.
const KernelsVariable = "GLYPH_CPU_KERNELS"

// Kernels is the names of the vector kernels that this processor runs,
// the fastest first.
func Kernels() (names []string) {
	for _, k := range kernels.For[float32]() {
		names = append(names, k.Name)
	}
	return names
}

// Kernel says what computes products in float32: "avx512 assembly", "avx2
// assembly" or "gonum".
func Kernel() string { return kernelName(chosen[float32]()) }

func kernelName[T Float](k *kernels.Kernels[T]) string {
	if k == nil {
		return "gonum"
	}
	return k.Name + " assembly"
}

// Kernel says what computes products: see the function of that name.
func (b *Backend[T]) Kernel() string { return kernelName(b.kernels) }

// Arithmetic names what decides how results are rounded: "assembly", whose bits
// do not depend on the instruction set, or "gonum".
func (b *Backend[T]) Arithmetic() string {
	if b.kernels == nil {
		return "gonum"
	}
	return "assembly"
}

// Plain says why New computes on gonum and plain loops, several times slower, or
// "" where it has vector kernels.
func Plain() string {
	switch name := os.Getenv(KernelsVariable); {
	case chosen[float32]() != nil:
		return ""
	case len(Kernels()) > 0:
		return fmt.Sprintf("%s is %s", KernelsVariable, name)
	case runtime.GOARCH != "amd64":
		return "there are no vector kernels for " + runtime.GOARCH
	}
	return "this processor has no AVX2 with FMA"
}

// chosen is the vector kernels to use, or nil.
func chosen[T Float]() *kernels.Kernels[T] {
	name := os.Getenv(KernelsVariable)
	for _, k := range kernels.For[T]() {
		if name == "" || name == k.Name {
			return k
		}
	}
	return nil
}

// scratch is the memory of one worker.
type scratch[T Float] struct {
	tile      kernels.Tile[T]
	turned    []T                  // a block of a turned product
	pixels    []byte               // of an image, with a margin
	lattice   []glyph.Displacement // of an elastic deformation
	stroked   []byte               // an image with other strokes
	squares   [64]T                // sums of them
	image, dz []T                  // a padded image, and gradients of a few images
	bias      []T                  // four sums of each bias's gradient
	tapGrads  []T                  // for Kernels.TapGrads
	rows      []T                  // for Kernels.NormGrad
	_         [64]byte             // no other worker's line
}
