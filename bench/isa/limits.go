package main

import "fmt"

// limit is what the programs of a kernel are held to. Whatever its kernel, a program has
// to compile, and may neither spill nor have memory of its own (scratch).
type limit struct {
	kernel string
	// share is the least share of multiply-adds among the instructions of the main
	// loop, on AMD and on Intel.
	share, intel float64
	// inFlight is how many loads of a tile have to be under way before the first is
	// waited for, where a tile has as many (AMD).
	inFlight int
	// simd is how many invocations an instruction has to cover (Intel): at 8 half of
	// the registers and of the arithmetic are idle.
	simd int
}

// limits are all there are. The last is that of kernels that are not products, whose
// time goes to memory.
var limits = []limit{
	{kernel: "conv2d", share: 0.60, intel: 0.55, inFlight: 4, simd: 16},
	// Of one channel: little arithmetic for what is loaded and stored, and at SIMD16 an
	// invocation of Tiger Lake has 64 registers, where its sums alone are 40.
	{kernel: "conv2d_first", share: 0.25, intel: 0.25, simd: 8},
	{kernel: "conv2d_first_backward", share: 0.33, intel: 0.33, inFlight: 2, simd: 8},
	{kernel: "conv2d_first_update", share: 0.15, intel: 0.33, inFlight: 2, simd: 8}, // with AdamW on Vega, the update's instructions weigh
	{kernel: "conv2d_backward_weights", share: 0.60, intel: 0.55, inFlight: 4, simd: 16},
	{kernel: "conv2d_update", share: 0.60, intel: 0.55, inFlight: 4, simd: 16},
	{kernel: "dense", share: 0.60, intel: 0.55, inFlight: 4, simd: 16},
	{kernel: "dense_update", share: 0.60, intel: 0.55, inFlight: 4, simd: 16},
	// These stand for two kernels, for a dispatch less: the gradients of both factors, two
	// layers, or what comes before the layer, pooling above all.
	{kernel: "conv2d_backward_data", share: 0.60, intel: 0.55, inFlight: 4, simd: 16},
	{kernel: "dense_backward", share: 0.60, intel: 0.55, inFlight: 4, simd: 16},
	{kernel: "dense_data", share: 0.60, intel: 0.55, inFlight: 4, simd: 16},
	{kernel: "dense_update_pair", share: 0.60, intel: 0.55, inFlight: 4, simd: 16},
	{kernel: "dense_skinny", share: 0.15, intel: 0.15, inFlight: 2, simd: 16},
	{kernel: "dense_softmax", share: 0.15, intel: 0.15, inFlight: 2, simd: 16},
	{simd: 16},
}

// unrolledFMAs is how many multiply-adds an invocation may have outside of loops: two
// tiles of 8×8 results over a sum of 16.
const unrolledFMAs = 2 * 8 * 8 * 16

func limitOf(kernel string) limit {
	for _, l := range limits {
		if l.kernel == kernel || l.kernel == "" {
			return l
		}
	}
	panic("the last limit is for every kernel")
}

// faults are the limits that a program misses on the chip, a line each.
func (p program) faults(c chip) (list []string) {
	l := limitOf(p.kernel())
	fault := func(format string, args ...any) {
		list = append(list, c.name+": "+p.file+": "+fmt.Sprintf(format, args...))
	}
	if p.failed != "" {
		fault("does not compile: %s", p.failed)
		return list
	}
	if p.spills > 0 {
		fault("spills %d registers", p.spills)
	}
	if p.scratch > 0 {
		fault("has %d bytes of scratch", p.scratch)
	}
	if p.simd > 0 && p.simd < l.simd {
		fault("SIMD%d, want SIMD%d", p.simd, l.simd)
	}
	least := l.share
	if p.simd > 0 {
		least = l.intel
	}
	switch {
	case p.fma == 0 && p.unrolled > unrolledFMAs:
		fault("%d multiply-adds in no loop: the sum is unrolled whole", p.unrolled)
	case p.fma > 0 && p.share() < least:
		fault("%.0f %% of the main loop are multiply-adds, want %.0f", 100*p.share(), 100*least)
	}
	if want := min(l.inFlight, p.loads); p.inFlight < want {
		fault("%d of %d loads are under way at a time, want %d", p.inFlight, p.loads, want)
	}
	return list
}
