package kernels

import "golang.org/x/sys/cpu"

func kernels32() []*Kernels[float32] { return runnable(&tableAVX512F32, &tableAVX2F32) }
func kernels64() []*Kernels[float64] { return runnable(&tableAVX512F64, &tableAVX2F64) }

// runnable is those whose instructions the processor has, and whose registers
// the operating system saves: cpu reports a set of instructions only then.
func runnable[T Float](avx512, avx2 *Kernels[T]) (k []*Kernels[T]) {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
		return nil
	}
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL {
		k = append(k, avx512)
	}
	return append(k, avx2)
}
