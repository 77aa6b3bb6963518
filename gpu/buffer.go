//go:build cgo

package gpu

// #include "exec.h"
import "C"

import (
	"fmt"
	"slices"
	"unsafe"

	"glyph"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// buffer is a block of device memory.
type buffer struct {
	owner  *Backend
	c      *C.glyph_buffer
	at     int64 // where in it, in bytes
	length int   // elements
	bytes  int64 // of the elements
	size   int64 // allocated: bytes rounded up to bindAlign
	freed  bool
	pooled bool // lies in the pool

	// written is where anything but zeros was ever written.
	written []span
}

// write notes that bytes lo to hi are written.
func (b *buffer) write(lo, hi int64) {
	for i := range b.written {
		if s := &b.written[i]; s.lo <= lo && hi <= s.hi {
			return
		} else if s.lo <= hi && lo <= s.hi {
			s.lo, s.hi = min(s.lo, lo), max(s.hi, hi)
			return
		}
	}
	b.written = append(b.written, span{lo, hi})
}

// wrote reports whether any of the bytes was ever written.
func (b *buffer) wrote(a access) bool {
	return slices.ContainsFunc(b.written, func(s span) bool { return s.lo < a.hi && a.lo < s.hi })
}

// Len is the number of elements.
func (b *buffer) Len() int { return b.length }

// What a buffer is to the caller.
type (
	floats struct{ *buffer }
	ints   struct{ *buffer }
	octets struct{ *buffer }
)

func (floats) HoldsNumbers() {}
func (ints) HoldsInts()      {}
func (octets) HoldsBytes()   {}

// memory is the buffer of a tensor, integers or bytes, which must be the
// Backend's own.
func (b *Backend) memory(m glyph.Memory) *buffer {
	var buf *buffer
	switch m := m.(type) {
	case floats:
		buf = m.buffer
	case ints:
		buf = m.buffer
	case octets:
		buf = m.buffer
	}
	glyph.CheckMemory(buf != nil && buf.owner == b, buf != nil && buf.freed)
	return buf
}

// still panics unless the Backend is open and records nothing.
func (b *Backend) still(op string) {
	glyph.CheckOpen(b.closed)
	glyph.CheckNotRepeating(op, b.recording)
}

// Alloc makes a zeroed buffer of n float32.
func (b *Backend) Alloc(n int) glyph.Buffer {
	b.still("Alloc")
	glyph.CheckAlloc("Alloc", n)
	return floats{b.alloc(n, 4, nil)}
}

// AllocInts makes n zeroed integers.
func (b *Backend) AllocInts(n int) glyph.Ints {
	b.still("AllocInts")
	glyph.CheckAlloc("AllocInts", n)
	return ints{b.alloc(n, 4, nil)}
}

// Upload copies bytes to the device, where kernels read them in words.
func (b *Backend) Upload(src []byte) glyph.Bytes {
	b.still("Upload")
	n := len(src)
	if limit := min(b.device.Limits.StorageBlock, maxBytes(octets{})); int64(n) > limit {
		b.fail(fmt.Errorf("gpu: a data set of %s is over the device's limit of %s for one", bytesText(int64(n)), bytesText(limit)))
	}
	return octets{b.alloc(n, 1, src)}
}

// Free has the thread delete the buffers behind all that was queued before.
func (b *Backend) Free(memory ...glyph.Memory) {
	b.still("Free")
	for _, m := range memory {
		buf := b.memory(m)
		buf.freed = true
		if buf.pooled { // the queue orders what comes next
			b.pool.give(buf.at, buf.size)
			continue
		}
		b.post(func() { b.delete(buf) })
	}
}

// delete deletes a buffer, on the thread. OpenGL may reuse its name for the next
// buffer, so the name must no longer count as bound.
func (b *Backend) delete(buf *buffer) {
	if name := uint32(buf.c.name); name != 0 {
		for i := range b.state.bound_name {
			if b.state.bound_name[i] == buf.c.name {
				b.state.bound_name[i] = 0
			}
		}
		gl.DeleteBuffers(1, &name)
		b.deleteTextures(buf)
		delete(b.buffers, buf)
	}
	b.heap.free(unsafe.Pointer(buf.c))
	buf.c = nil
}

// alloc makes a buffer, with src in it or zeros. Where that fails the result
// is a buffer without memory, which commands pass over.
func (b *Backend) alloc(n, element int, src []byte) *buffer {
	glyph.CheckOpen(b.closed)
	buf := &buffer{owner: b, length: n, bytes: int64(n) * int64(element)}
	buf.size = max((buf.bytes+bindAlign-1)/bindAlign*bindAlign, bindAlign)
	if b.pooled(buf, src) {
		return buf
	}
	buf.c = (*C.glyph_buffer)(b.heap.calloc(C.sizeof_glyph_buffer))
	if b.failed.Load() || b.dry {
		return buf
	}
	b.call(func() { b.make(buf, src) })
	return buf
}

// make gives a buffer memory with src in it or zeros, on the thread.
func (b *Backend) make(buf *buffer, src []byte) {
	if b.checkDevice("before allocating"); b.failed.Load() { // an error of what came before is not memory's
		return
	}
	var name uint32
	gl.GenBuffers(1, &name)
	gl.BindBuffer(gl.COPY_WRITE_BUFFER, name)
	gl.BufferData(gl.COPY_WRITE_BUFFER, int(buf.size+b.spareTexel()), nil, gl.DYNAMIC_COPY)
	if b.lost() {
		return
	}
	code := gl.GetError()
	if b.full != nil && b.full(buf) {
		code = gl.OUT_OF_MEMORY
	}
	if code != gl.NO_ERROR && b.spare {
		gl.DeleteBuffers(1, &name)
		return
	}
	if code != gl.NO_ERROR {
		_, free := deviceMemory()
		text := fmt.Sprintf("gpu: %s asked of the device: %s", bytesText(buf.size), errorName(code))
		if free > 0 {
			text += fmt.Sprintf("; %s are free", bytesText(free))
		}
		b.fail(fmt.Errorf("%s", text))
		gl.DeleteBuffers(1, &name)
		return
	}
	gl.ClearBufferData(gl.COPY_WRITE_BUFFER, gl.R32UI, gl.RED_INTEGER, gl.UNSIGNED_INT, nil)
	if len(src) > 0 {
		gl.BufferSubData(gl.COPY_WRITE_BUFFER, 0, len(src), unsafe.Pointer(&src[0]))
		b.state.counts.transfers++
	}
	buf.c.name = C.uint32_t(name)
	b.buffers[buf] = true
	b.makeTextures(buf)
	b.checkDevice("allocating")
}

// Write queues the copy of src to dst.
func (b *Backend) Write(dst glyph.Tensor, src []float32) {
	glyph.CheckWrite(dst, len(src))
	b.write(dst.Buf, 4*int64(dst.Off), unsafe.Pointer(unsafe.SliceData(src)), 4*len(src))
}

// WriteInts queues the copy of src to dst.
func (b *Backend) WriteInts(dst glyph.Ints, src []int32) {
	glyph.CheckWriteInts(dst, len(src))
	b.write(dst, 0, unsafe.Pointer(unsafe.SliceData(src)), 4*len(src))
}

// Read waits for all that was queued and copies src to dst.
func (b *Backend) Read(dst []float32, src glyph.Tensor) error {
	glyph.CheckRead(len(dst), src)
	b.still("Read")
	return b.read(unsafe.Pointer(unsafe.SliceData(dst)), 4*len(dst), b.memory(src.Buf), 4*int64(src.Off))
}

// ReadInts waits for all that was queued and copies src to dst.
func (b *Backend) ReadInts(dst []int32, src glyph.Ints) error {
	glyph.CheckReadInts(len(dst), src)
	b.still("ReadInts")
	return b.read(unsafe.Pointer(unsafe.SliceData(dst)), 4*len(dst), b.memory(src), 0)
}

func (b *Backend) read(dst unsafe.Pointer, size int, src *buffer, offset int64) error {
	b.call(func() {
		if b.failed.Load() || size == 0 || b.dry {
			return
		}
		gl.MemoryBarrier(barrierUpdate)
		for done := 0; done < size && !b.failed.Load(); done += stagingSize {
			b.readStaged(unsafe.Add(dst, done), min(stagingSize, size-done), uint32(src.c.name), int(src.at+offset)+done)
		}
	})
	b.waits.Add(1)
	return b.firstError()
}

// stagingSize is how many bytes are read at a time.
const stagingSize = 4 << 20

// readStaged copies up to stagingSize bytes to the host through a buffer that is used
// for nothing else. Drivers move a buffer that the host reads into host memory, where
// kernels access it slowly; this keeps the weights and the log, which every step
// writes, on the device.
func (b *Backend) readStaged(dst unsafe.Pointer, size int, src uint32, offset int) {
	if b.staging == 0 {
		gl.GenBuffers(1, &b.staging)
		gl.BindBuffer(gl.COPY_WRITE_BUFFER, b.staging)
		gl.BufferData(gl.COPY_WRITE_BUFFER, stagingSize, nil, gl.STREAM_READ)
	}
	gl.BindBuffer(gl.COPY_READ_BUFFER, src)
	gl.BindBuffer(gl.COPY_WRITE_BUFFER, b.staging)
	gl.CopyBufferSubData(gl.COPY_READ_BUFFER, gl.COPY_WRITE_BUFFER, offset, 0, size)
	b.wait("reading from the device")
	if !b.failed.Load() {
		gl.GetBufferSubData(gl.COPY_WRITE_BUFFER, 0, size, dst)
		b.checkDevice("reading from the device")
	}
}

// scratch is memory for results between two dispatches of one operation. It at
// least doubles; what was outgrown, less than what there is, stays until Close,
// as a record may hold it.
type scratch struct{ buf *buffer }

func (b *Backend) scratchFor(n int) glyph.Buffer { return b.scratchIn(&b.scratch, n) }

func (b *Backend) scratchIn(s *scratch, n int) glyph.Buffer {
	size := 1 << 16
	if old := s.buf; old != nil {
		size = old.length
		if n > size {
			size *= 2
		}
	}
	if s.buf == nil || n > s.buf.length {
		// Out of a record: allocation waits for the queue, not for the record.
		s.buf = b.alloc(max(n, size), 4, nil)
	}
	return floats{s.buf}
}

// bytesText is a size as people write it.
func bytesText(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d bytes", n)
}
