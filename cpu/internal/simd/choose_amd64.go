//go:build goexperiment.simd

package simd

import "simd/archsimd"

func kernels32() []*Kernels[float32] { return runnable(&avx512F32, &avx2F32) }
func kernels64() []*Kernels[float64] { return runnable(&avx512F64, &avx2F64) }

func runnable[T Float](avx512, avx2 *Kernels[T]) (k []*Kernels[T]) {
	if archsimd.X86.AVX512() {
		k = append(k, avx512)
	}
	if archsimd.X86.AVX2() && archsimd.X86.FMA() {
		k = append(k, avx2)
	}
	return k
}

// window has n elements of ones and then zeros from window[16-n] on: a mask.
var (
	window32 = [32]int32{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}
	window64 = [16]int64{-1, -1, -1, -1, -1, -1, -1, -1}
)
