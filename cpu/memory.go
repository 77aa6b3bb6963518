package cpu

import "unsafe"

// hugePage is the size of a huge page of amd64 and arm64, and the least memory that is
// worth aligning to one.
const hugePage = 2 << 20

// allocate is zeroed memory for n elements. If it is large, it consists of huge pages
// where the system has them: the tensors of a step are tens of megabytes, and each
// operation goes through all of its own, so that with small pages the processor looks
// up thousands of addresses.
func allocate[E any](n int) []E {
	size := int(unsafe.Sizeof(*new(E)))
	if n*size < hugePage || hugePage%size != 0 {
		return make([]E, n)
	}
	whole := make([]E, n+2*hugePage/size) // an aligned part of it ends on a whole page
	skip := -int(uintptr(unsafe.Pointer(&whole[0]))) & (hugePage - 1) / size
	all := whole[skip:][:n:n]
	adviseHuge(unsafe.Pointer(&all[0]), ceil(n*size, hugePage)*hugePage)
	return all
}
