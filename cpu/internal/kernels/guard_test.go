//go:build unix

package kernels

import (
	"syscall"
	"testing"
	"unsafe"
)

// guarded is n numbers that no page may be read beside: at the end of their
// pages, or at their beginning.
func guarded[E any](t testing.TB, n int, atEnd bool) []E {
	t.Helper()
	page, size := syscall.Getpagesize(), n*int(unsafe.Sizeof(*new(E)))
	pages := (size + page - 1) / page * page
	all, err := syscall.Mmap(-1, 0, pages+2*page, syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Munmap(all); err != nil {
			t.Error(err)
		}
	})
	if n == 0 {
		return nil
	}
	inner := all[page : page+pages]
	if err := syscall.Mprotect(inner, syscall.PROT_READ|syscall.PROT_WRITE); err != nil {
		t.Fatal(err)
	}
	if atEnd {
		inner = inner[pages-size:]
	}
	return unsafe.Slice((*E)(unsafe.Pointer(&inner[0])), n)
}

// The guards do fault: a test without that would find nothing.
func TestGuards(t *testing.T) {
	for _, k := range For[float32]() {
		for _, atEnd := range []bool{false, true} {
			x := guarded[float32](t, 64, atEnd)
			k.relu(&x[0], len(x))
			before := unsafe.Pointer(uintptr(unsafe.Pointer(&x[0])) - 4)
			if atEnd {
				before = unsafe.Pointer(&x[1])
			}
			if !faults(func() { k.relu((*float32)(before), len(x)) }) {
				t.Errorf("%s at end %v: reads beyond its array", k.Name, atEnd)
			}
		}
	}
}
