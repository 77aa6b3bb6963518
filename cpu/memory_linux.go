package cpu

import (
	"syscall"
	"unsafe"
)

// adviseHuge asks for huge pages, which the system may ignore.
func adviseHuge(at unsafe.Pointer, size int) {
	_ = syscall.Madvise(unsafe.Slice((*byte)(at), size), syscall.MADV_HUGEPAGE)
}
