//go:build cgo

package gpu

// #include "exec.h"
import "C"

import (
	"fmt"
	"unsafe"

	"glyph"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// buffer is a block of device memory: a Buffer, an Ints or a Bytes.
type buffer struct {
	c      *C.glyph_buffer
	length int   // elements
	bytes  int64 // of the elements
	size   int64 // allocated: bytes rounded up to bindAlign
}

// Len is the number of elements.
func (b *buffer) Len() int { return b.length }

// Alloc makes a zeroed buffer of n float32.
func (b *Backend) Alloc(n int) glyph.Buffer { return b.alloc(n, 4, nil) }

// AllocInts makes n zeroed integers.
func (b *Backend) AllocInts(n int) glyph.Ints { return b.alloc(n, 4, nil) }

// Upload copies bytes to the device, where kernels read them in words.
func (b *Backend) Upload(src []byte) glyph.Bytes {
	if limit := b.device.Limits.StorageBlock; int64(len(src)) > limit {
		b.fail(fmt.Errorf("gpu: a data set of %s is over the device's limit of %s for one", bytesText(int64(len(src))), bytesText(limit)))
		src = src[:0]
	}
	return b.alloc(len(src), 1, src)
}

// alloc makes a buffer, with src in it or zeros. Where that fails the result
// is a buffer without memory, which commands pass over.
func (b *Backend) alloc(n, element int, src []byte) *buffer {
	buf := &buffer{length: n, bytes: int64(n) * int64(element), c: (*C.glyph_buffer)(b.calloc(C.sizeof_glyph_buffer))}
	buf.size = max((buf.bytes+bindAlign-1)/bindAlign*bindAlign, bindAlign)
	if b.failed.Load() {
		return buf
	}
	b.call(func() {
		var name uint32
		gl.GenBuffers(1, &name)
		gl.BindBuffer(gl.COPY_WRITE_BUFFER, name)
		gl.BufferData(gl.COPY_WRITE_BUFFER, int(buf.size), nil, gl.DYNAMIC_COPY)
		if code := gl.GetError(); code != gl.NO_ERROR {
			_, free := memory()
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
		b.names = append(b.names, name)
		b.checkDevice("allocating")
	})
	return buf
}

// Write queues the copy of src to dst.
func (b *Backend) Write(dst glyph.Tensor, src []float32) {
	if len(src) != dst.Size() {
		panic(fmt.Sprintf("glyph: Write: %d numbers for %v", len(src), dst.Shape))
	}
	b.write(dst.Buf.(*buffer), 4*int64(dst.Off), unsafe.Pointer(unsafe.SliceData(src)), 4*len(src))
}

// WriteInts queues the copy of src to dst.
func (b *Backend) WriteInts(dst glyph.Ints, src []int32) {
	if len(src) != dst.Len() {
		panic(fmt.Sprintf("glyph: WriteInts: %d numbers for %d", len(src), dst.Len()))
	}
	b.write(dst.(*buffer), 0, unsafe.Pointer(unsafe.SliceData(src)), 4*len(src))
}

// Read waits for all that was queued and copies src to dst.
func (b *Backend) Read(dst []float32, src glyph.Tensor) error {
	if len(dst) != src.Size() {
		panic(fmt.Sprintf("glyph: Read: %v into %d numbers", src.Shape, len(dst)))
	}
	return b.read(unsafe.Pointer(unsafe.SliceData(dst)), 4*len(dst), src.Buf.(*buffer), 4*int64(src.Off))
}

// ReadInts waits for all that was queued and copies src to dst.
func (b *Backend) ReadInts(dst []int32, src glyph.Ints) error {
	if len(dst) != src.Len() {
		panic(fmt.Sprintf("glyph: ReadInts: %d numbers into %d", src.Len(), len(dst)))
	}
	return b.read(unsafe.Pointer(unsafe.SliceData(dst)), 4*len(dst), src.(*buffer), 0)
}

func (b *Backend) read(dst unsafe.Pointer, size int, src *buffer, offset int64) error {
	if b.repeat != nil {
		panic("glyph: Read within Repeat")
	}
	b.call(func() {
		if b.failed.Load() {
			return
		}
		gl.MemoryBarrier(barrierUpdate)
		gl.BindBuffer(gl.COPY_READ_BUFFER, uint32(src.c.name))
		gl.GetBufferSubData(gl.COPY_READ_BUFFER, int(offset), size, dst)
		b.checkDevice("reading from the device")
	})
	b.waits.Add(1)
	return b.firstError()
}

// scratch is memory for results between two dispatches of one operation. It
// grows; what was outgrown stays until Close, as a record may hold it.
type scratch struct{ buf *buffer }

func (b *Backend) scratchFor(n int) *buffer {
	if b.scratch.buf == nil || b.scratch.buf.length < n {
		// Out of a record: allocation waits for the queue, not for the record.
		b.scratch.buf = b.alloc(max(n, 1<<16), 4, nil)
	}
	return b.scratch.buf
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
