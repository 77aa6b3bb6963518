//go:build !amd64

package kernels

func kernels32() []*Kernels[float32] { return nil }
func kernels64() []*Kernels[float64] { return nil }
