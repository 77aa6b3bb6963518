package cpu

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unsafe"
)

// The system is asked for huge pages for all of a tensor of 2 MB or more: the mappings
// that it lies in bear the flag that madvise sets.
func TestHugePages(t *testing.T) {
	if _, err := os.Stat("/sys/kernel/mm/transparent_hugepage"); err != nil {
		t.Skip("this system has no huge pages to ask for: ", err)
	}
	for _, n := range []int{hugePage / 4, 3*hugePage/4 + 1} {
		x := allocate[float32](n)
		from := uintptr(unsafe.Pointer(&x[0]))
		if asked := hugePageAdvice(t, from, from+4*uintptr(n)); asked != uintptr(4*n) {
			t.Errorf("huge pages are asked for in %d bytes of %d", asked, 4*n)
		}
		clear(x) // it is in use until here
	}
}

// hugePageAdvice is how many of the bytes lie in mappings of which the system was told
// to use huge pages (proc_pid_smaps(5)).
func hugePageAdvice(t *testing.T, from, to uintptr) (asked uintptr) {
	t.Helper()
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	var lo, hi uintptr // of the mapping that is described
	says := false
	for line := range strings.Lines(string(maps)) {
		var a, b uintptr
		if n, _ := fmt.Sscanf(line, "%x-%x ", &a, &b); n == 2 {
			lo, hi = max(a, from), min(b, to)
		} else if flags, ok := strings.CutPrefix(line, "VmFlags:"); ok {
			says = true
			if lo < hi && slices.Contains(strings.Fields(flags), "hg") {
				asked += hi - lo
			}
		}
	}
	if !says {
		t.Skip("this system does not say what it was told of memory")
	}
	return asked
}
