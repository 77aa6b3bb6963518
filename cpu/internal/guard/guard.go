//go:build unix

// Package guard gives tests memory between pages that fault. Assembly is
// invisible to the race detector and to checkptr: only such pages reveal reads and
// writes beyond an array.
package guard

import (
	"runtime/debug"
	"syscall"
	"testing"
	"unsafe"
)

// Pages is memory between two pages that may be neither read nor written.
type Pages[E any] struct {
	all   []byte
	atEnd bool
}

// New makes room for up to n numbers. Arrays begin right after the page before or,
// with atEnd, end right before the page after. The memory is unmapped when the test
// ends.
func New[E any](t testing.TB, n int, atEnd bool) *Pages[E] {
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
	if pages > 0 {
		if err := syscall.Mprotect(all[page:page+pages], syscall.PROT_READ|syscall.PROT_WRITE); err != nil {
			t.Fatal(err)
		}
	}
	return &Pages[E]{all[page : page+pages], atEnd}
}

// Slice is n numbers of the pages, nil where n is 0.
func (p *Pages[E]) Slice(n int) []E {
	size := n * int(unsafe.Sizeof(*new(E)))
	if n == 0 {
		return nil
	}
	bytes := p.all[:size]
	if p.atEnd {
		bytes = p.all[len(p.all)-size:]
	}
	return unsafe.Slice((*E)(unsafe.Pointer(&bytes[0])), n)
}

// Slice is n numbers in pages of their own.
func Slice[E any](t testing.TB, n int, atEnd bool) []E {
	t.Helper()
	return New[E](t, n, atEnd).Slice(n)
}

// Faults reports whether f reads or writes memory that it must not.
func Faults(f func()) (yes bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() { yes = recover() != nil }()
	f()
	return false
}
