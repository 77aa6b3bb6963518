//go:build cgo

package gpu

// #include "exec.h"
import "C"

import (
	"fmt"
	"math"
	"slices"
	"unsafe"

	"glyph"
)

const (
	maxBindings = C.GLYPH_BINDINGS
	// bindAlign is the coarsest alignment of a bound range, in bytes: tensors
	// are bound from the multiple below, and kernels are told the rest.
	bindAlign = 4 * glyph.Align
	// maxWork is the arithmetic of one dispatch, in FLOP: half a second on
	// a small integrated GPU, far from a driver's watchdog, and a few
	// milliseconds on a large one.
	maxWork = C.GLYPH_MAX_WORK
	// elementWork is assumed for an invocation whose arithmetic is given as 0.
	elementWork = 32
	// queueLength is how many commands wait for more before they are handed on.
	queueLength = 32
)

// launch is the dispatch that is being put together. It lives in the Backend,
// so that an operation allocates nothing.
type launch struct {
	program  *program
	command  C.glyph_command
	accesses []access
	operands int  // given so far
	uniforms int  // the same
	broken   bool // an operand does not fit the device
}

// start begins a dispatch of the program. Its operands follow by out, in and
// all, its uniforms by uniform and bits, each in the order of the kernel's, then
// run queues it.
func (b *Backend) start(p *program) *launch {
	glyph.CheckOpen(b.closed)
	l := &b.launch
	l.program = p
	l.command = C.glyph_command{program: p.c}
	l.accesses = l.accesses[:0]
	l.operands, l.uniforms = 0, 0
	l.broken = b.failed.Load()
	return l
}

// bind makes the bytes lo to hi of a buffer the next operand.
func (b *Backend) bind(m glyph.Memory, lo, hi int64, write bool) {
	buf := b.memory(m)
	l := &b.launch
	i := l.operands
	l.operands++
	if l.broken {
		return
	}
	offset := lo / bindAlign * bindAlign
	size := min((hi-offset+15)/16*16, buf.size-offset)
	if limit := min(b.device.Limits.StorageBlock, maxBytes(m)); size > limit {
		b.fail(fmt.Errorf("gpu: %s: a tensor of %s is over the device's limit of %s", l.program.kernel.file, bytesText(hi-lo), bytesText(limit)))
		l.broken = true
		return
	}
	l.command.binding[i] = C.glyph_binding{buffer: buf.c, offset: C.int64_t(buf.at + offset), size: C.int64_t(size)}
	l.command.bindings = max(l.command.bindings, C.int32_t(i+1))
	l.command.uniform[baseUniform+i] = C.int32_t((lo - offset) / 4)
	b.use(access{buf, lo, hi, write})
}

// use notes what the kernel does with memory.
func (b *Backend) use(a access) {
	b.launch.accesses = append(b.launch.accesses, a)
	if a.write {
		a.buf.write(a.lo, a.hi)
	}
}

// bound makes a tensor the next operand, of which the kernel uses parts that are told
// by use.
func (b *Backend) bound(t glyph.Tensor) {
	n := len(b.launch.accesses)
	b.in(t)
	b.launch.accesses = b.launch.accesses[:n]
}

// maxBytes is what kernels can index: 32-bit integers count the elements of a tensor, on to
// the end of a work group beyond the last, and the bytes of a data set without a sign.
func maxBytes(m glyph.Memory) int64 {
	if _, bytes := m.(octets); bytes {
		return 1 << 32
	}
	return 4 * (1<<31 - 1<<16)
}

// in gives a tensor that is read; the zero Tensor leaves its binding free.
func (b *Backend) in(t glyph.Tensor) { b.tensor(t, false) }

// out gives a tensor that is written, likewise.
func (b *Backend) out(t glyph.Tensor) { b.tensor(t, true) }

// inIf is in where the kernel uses the tensor; elsewhere its binding stays free,
// but it has to be memory all the same.
func (b *Backend) inIf(used bool, t glyph.Tensor) { b.tensorIf(used, t, false) }

func (b *Backend) tensorIf(used bool, t glyph.Tensor, write bool) {
	if !used && !t.IsZero() {
		b.memory(t.Buf)
		t = glyph.Tensor{}
	}
	b.tensor(t, write)
}

func (b *Backend) tensor(t glyph.Tensor, write bool) {
	if t.IsZero() {
		b.launch.operands++
		return
	}
	b.bind(t.Buf, 4*int64(t.Off), 4*int64(t.Off+t.Size()), write)
}

// all gives the whole of a buffer.
func (b *Backend) all(m glyph.Memory, write bool) { b.bind(m, 0, b.memory(m).bytes, write) }

// uniform gives the next uniform.
func (l *launch) uniform(v int) {
	at := firstOwn + l.uniforms
	l.uniforms++
	l.command.uniform[at] = C.int32_t(v)
	l.command.uniforms = C.int32_t(at + 1)
}

// bits gives the bits of v.
func (l *launch) bits(v float32) { l.uniform(int(int32(math.Float32bits(v)))) }

// run queues the dispatch of groups work groups, each with that much arithmetic,
// in as many commands as the limits require.
func (b *Backend) run(groups int, flops float64) {
	l := &b.launch
	if k := l.program.kernel; l.operands != len(k.operands) || l.uniforms != len(k.uniforms) {
		panic(fmt.Sprintf("gpu: %s is given %d operands and %d uniforms, has %v and %v", k.file, l.operands, l.uniforms, k.operands, k.uniforms))
	}
	if l.broken || groups == 0 {
		return
	}
	most := b.maxGroups
	if flops > 0 {
		most = int(min(max(maxWork/flops, 1), float64(most)))
	}
	target := b.target()
	l.command.uniforms = max(l.command.uniforms, firstOwn)
	l.command.barrier = 0
	if b.hazards.conflict(l.accesses) {
		l.command.barrier = barrierStorage
		b.hazards.clear()
	}
	b.hazards.add(l.accesses)
	if !l.program.ready {
		target.need(l.program)
		l.program.ready = b.repeat == nil // a record may be dropped
	}
	for first := 0; first < groups; first += most {
		l.command.uniform[firstUniform] = C.int32_t(first)
		l.command.groups = C.uint32_t(min(most, groups-first))
		l.command.work = C.double(float64(l.command.groups) * max(flops, float64(elementWork*l.program.threads)))
		*target.next() = l.command
		l.command.barrier = 0
	}
	if len(b.queue.commands) >= queueLength {
		b.flush()
	}
}

// target is the batch that commands go to.
func (b *Backend) target() *batch {
	if b.repeat != nil {
		return b.repeat
	}
	return b.queue
}

// elements queues a dispatch for n elements, one an invocation, of a kernel
// without heavy arithmetic.
func (b *Backend) elements(n int) { b.run(ceil(n, b.launch.program.threads), 0) }

func ceil(n, by int) int { return (n + by - 1) / by }

// write asks for the copy of bytes to a buffer.
func (b *Backend) write(m glyph.Memory, offset int64, src unsafe.Pointer, size int) {
	glyph.CheckOpen(b.closed)
	b.memory(m)
	if size == 0 || b.failed.Load() {
		return
	}
	data := b.heap.calloc(size)
	copy(unsafe.Slice((*byte)(data), size), unsafe.Slice((*byte)(src), size))
	b.ask(operation{kind: opWrite, memory: m, offset: offset, data: data, dataSize: size})
}

// putWrite queues the copy.
func (b *Backend) putWrite(o *operation) {
	target := b.target()
	if b.repeat == nil {
		target.writes = append(target.writes, o.data)
	}
	// OpenGL orders a write before the commands after it, and after the
	// kernels before it by this barrier.
	b.hazards.clear()
	*target.next() = C.glyph_command{data: o.data, barrier: barrierStorage | barrierUpdate}
	buf, c := b.memory(o.memory), &target.commands[len(target.commands)-1]
	if bytes := unsafe.Slice((*byte)(o.data), o.dataSize); slices.ContainsFunc(bytes, func(v byte) bool { return v != 0 }) {
		buf.write(o.offset, o.offset+int64(o.dataSize))
	}
	c.binding[0] = C.glyph_binding{buffer: buf.c, offset: C.int64_t(buf.at + o.offset), size: C.int64_t(o.dataSize)}
	if o.dataSize > 1<<20 || len(b.queue.commands) >= queueLength {
		b.flush()
	}
}
