// Package cpu runs the operations of glyph.Backend on the processor. It is the
// fallback where there is no GPU and, in float64 on gonum's BLAS and plain loops
// (NewOracle), what every shader and every fast path is tested against: it
// follows the formulas of the interface in their order.
//
// On processors with AVX-512, or with AVX2 and FMA, New computes on the assembly
// of package kernels instead: products of packed panels, convolution that
// multiplies patches in place in the image, and the element-wise work.
// GLYPH_CPU_KERNELS=none turns all of them off, and Plain says why a backend has
// none.
//
// Work is cut into parts whose number and bounds depend on the shapes alone,
// and partial sums are added in the order of the parts. The results therefore
// have the same bits whatever the number of workers, and with the assembly
// whatever the instruction set; gonum rounds differently.
//
// gonum starts goroutines, and so allocates, for products of four or more
// blocks of 64×64; products are cut smaller than that and spread over workers
// that live as long as the backend, so a training step allocates nothing.
package cpu
