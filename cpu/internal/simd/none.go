//go:build !(goexperiment.simd && amd64)

package simd

func kernels32() []*Kernels[float32] { return nil }
func kernels64() []*Kernels[float64] { return nil }
