//go:build goexperiment.simd

package simd

import "simd/archsimd"

func kernels32() *Kernels[float32] {
	switch {
	case archsimd.X86.AVX512():
		return &avx512F32
	case archsimd.X86.AVX2() && archsimd.X86.FMA():
		return &avx2F32
	}
	return nil
}

func kernels64() *Kernels[float64] {
	switch {
	case archsimd.X86.AVX512():
		return &avx512F64
	case archsimd.X86.AVX2() && archsimd.X86.FMA():
		return &avx2F64
	}
	return nil
}

// window has n elements of ones and then zeros from window[16-n] on: a mask.
var (
	window32 = [32]int32{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}
	window64 = [16]int64{-1, -1, -1, -1, -1, -1, -1, -1}
)
