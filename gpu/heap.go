//go:build cgo

package gpu

// #include <stdlib.h>
import "C"

import (
	"sync"
	"unsafe"
)

// heap is C memory of one Backend: what the thread's loop in C reads. It may be
// used on both sides of the queue.
type heap struct {
	mu     sync.Mutex
	blocks map[unsafe.Pointer]int // their sizes
}

// calloc is zeroed memory that lives until free or freeAll.
func (h *heap) calloc(size int) unsafe.Pointer {
	p := C.calloc(1, C.size_t(size))
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.blocks == nil {
		h.blocks = map[unsafe.Pointer]int{}
	}
	h.blocks[p] = size
	return p
}

// free gives a block back.
func (h *heap) free(p unsafe.Pointer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, live := h.blocks[p]; !live {
		panic("gpu: C memory is freed twice")
	}
	delete(h.blocks, p)
	C.free(p)
}

// freeAll gives every block back.
func (h *heap) freeAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for p := range h.blocks {
		C.free(p)
	}
	clear(h.blocks)
}

// size is how many blocks there are, and their bytes together.
func (h *heap) size() (blocks, bytes int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, n := range h.blocks {
		bytes += n
	}
	return len(h.blocks), bytes
}
