package cpu

import (
	"slices"
	"testing"
	"unsafe"
)

// Memory is as long as asked for and zeroed, and begins on a huge page where it is as
// large as one; what comes after its end cannot be appended to.
func TestAllocate(t *testing.T) {
	for _, n := range []int{0, 1, hugePage/4 - 1, hugePage / 4, hugePage/4 + 1, 3 * hugePage / 4} {
		x := allocate[float32](n)
		if len(x) != n || cap(x) != n || slices.ContainsFunc(x, func(v float32) bool { return v != 0 }) {
			t.Errorf("%d numbers: length %d, capacity %d, or not zeroed", n, len(x), cap(x))
		}
		if n >= hugePage/4 && uintptr(unsafe.Pointer(&x[0]))%hugePage != 0 {
			t.Errorf("%d numbers begin within a huge page", n)
		}
	}
}
