// Package cpu runs the operations of glyph.Backend on the processor, with
// gonum's BLAS under the products. It is the fallback where there is no GPU
// and, in float64, the oracle that every shader is tested against, so it
// follows the formulas of the interface in their order.
//
// Work is cut into parts whose number and bounds depend on the shapes alone,
// and partial sums are added in the order of the parts. The results therefore
// have the same bits whatever the number of workers.
//
// gonum starts goroutines, and so allocates, for products of four or more
// blocks of 64×64; products are cut smaller than that and spread over workers
// that live as long as the backend, so a training step allocates nothing.
package cpu
