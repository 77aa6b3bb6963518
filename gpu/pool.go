//go:build cgo

package gpu

// #include "exec.h"
import "C"

import (
	"slices"
	"unsafe"

	"glyph"

	"github.com/go-gl/gl/v4.3-core/gl"
)

const (
	// poolSize is what any device can bind as one block.
	poolSize = 16 << 20
	// pooledMost is the largest buffer that is put there, in bytes.
	pooledMost = 512 << 10
	// poolCounters is the integers at its beginning, which are 0 between dispatches.
	poolCounters = 64
)

// pool is one block of device memory that small buffers lie in: a kernel that needs
// many of them binds it once, as integers. A device promises only maxBindings.
type pool struct {
	c        *C.glyph_buffer
	counters *buffer // its beginning
	free     []span  // in their order
}

// span is bytes of the pool.
type span struct{ lo, hi int64 }

// take finds room for size bytes.
func (p *pool) take(size int64) (at int64, ok bool) {
	for i := range p.free {
		if s := &p.free[i]; s.hi-s.lo >= size {
			at = s.lo
			if s.lo += size; s.lo == s.hi {
				p.free = slices.Delete(p.free, i, i+1)
			}
			return at, true
		}
	}
	return 0, false
}

// give gives them back.
func (p *pool) give(at, size int64) {
	i, _ := slices.BinarySearchFunc(p.free, at, func(s span, at int64) int { return int(s.lo - at) })
	p.free = slices.Insert(p.free, i, span{at, at + size})
	if i+1 < len(p.free) && p.free[i].hi == p.free[i+1].lo {
		p.free[i].hi = p.free[i+1].hi
		p.free = slices.Delete(p.free, i+1, i+2)
	}
	if i > 0 && p.free[i-1].hi == p.free[i].lo {
		p.free[i-1].hi = p.free[i].hi
		p.free = slices.Delete(p.free, i, i+1)
	}
}

// pooled places a buffer in the pool, with src in it or zeros, or reports that it has to
// have memory of its own.
func (b *Backend) pooled(buf *buffer, src []byte) bool {
	if buf.size > pooledMost || b.device.Limits.StorageBlock < poolSize || b.failed.Load() {
		return false
	}
	p := &b.pool
	if p.c == nil && !b.makePool() {
		return false
	}
	at, ok := p.take(buf.size)
	if !ok {
		return false
	}
	buf.c, buf.at, buf.pooled = p.c, at, true
	if b.dry {
		return true
	}
	b.call(func() {
		if b.failed.Load() || p.c.name == 0 {
			return
		}
		gl.BindBuffer(gl.COPY_WRITE_BUFFER, uint32(p.c.name))
		gl.MemoryBarrier(barrierUpdate) // kernels may have written what was here before
		gl.ClearBufferSubData(gl.COPY_WRITE_BUFFER, gl.R32UI, int(at), int(buf.size), gl.RED_INTEGER, gl.UNSIGNED_INT, nil)
		if len(src) > 0 {
			gl.BufferSubData(gl.COPY_WRITE_BUFFER, int(at), len(src), unsafe.Pointer(&src[0]))
			b.state.counts.transfers++
		}
		b.checkDevice("allocating")
	})
	return true
}

// makePool makes the pool.
func (b *Backend) makePool() bool {
	whole := &buffer{owner: b, length: poolSize / 4, bytes: poolSize, size: poolSize}
	whole.c = (*C.glyph_buffer)(b.heap.calloc(C.sizeof_glyph_buffer))
	if !b.dry {
		b.call(func() { b.make(whole, nil) })
	}
	if b.failed.Load() {
		return false
	}
	b.pool.c = whole.c
	b.pool.counters = &buffer{owner: b, c: whole.c, length: poolCounters, bytes: 4 * poolCounters, size: bindAlign}
	b.pool.free = append(b.pool.free[:0], span{bindAlign, poolSize})
	return true
}

// inPool reports whether the memory that is given, if any, lies in the pool.
func (b *Backend) inPool(list ...glyph.Memory) bool {
	for _, m := range list {
		if m != nil && !b.memory(m).pooled {
			return false
		}
	}
	return true
}

// small makes the pool the next operand. What the kernel uses of it is told by uses.
func (b *Backend) small() {
	l := &b.launch
	l.command.binding[l.operands] = C.glyph_binding{buffer: b.pool.c, size: poolSize}
	l.operands++
	l.command.bindings = max(l.command.bindings, C.int32_t(l.operands))
}

// smallIf is small where the kernel uses it.
func (b *Backend) smallIf(used bool) {
	if used {
		b.small()
	} else {
		b.in(glyph.Tensor{})
	}
}

// place gives as a uniform where in the pool a tensor begins, and notes its use; it is
// 0 for none.
func (b *Backend) place(t glyph.Tensor, write bool) {
	l := &b.launch
	if t.IsZero() {
		l.uniform(0)
		return
	}
	a := b.accessOf(t, write)
	b.use(a)
	l.uniform(int((a.buf.at + a.lo) / 4))
}

// placeInts is place for integers, or for bytes.
func (b *Backend) placeInts(m glyph.Memory, write bool) {
	buf := b.memory(m)
	b.use(b.intsOf(m, write))
	b.launch.uniform(int(buf.at / 4))
}
