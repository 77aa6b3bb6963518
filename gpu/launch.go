//go:build cgo

package gpu

// #include "exec.h"
import "C"

import (
	"fmt"
	"math"
	"unsafe"

	"glyph"
)

const (
	maxBindings = C.GLYPH_BINDINGS
	// bindAlign is the coarsest alignment of a bound range, in bytes: tensors
	// are bound from the multiple below, and kernels are told the rest.
	bindAlign    = 4 * glyph.Align
	firstUniform = 8 // location of "first" in kernel.glsl
	// maxWork is the arithmetic of one dispatch, in FLOP: half a second on
	// a small integrated GPU, far from a driver's watchdog, and a few
	// milliseconds on a large one.
	maxWork = 1e11
	// queueLength is how many commands wait for more before they are handed on.
	queueLength = 32
)

// launch is the dispatch that is being put together. It lives in the Backend,
// so that an operation allocates nothing.
type launch struct {
	program  *program
	command  C.glyph_command
	accesses []access
	broken   bool // an operand does not fit the device
}

// start begins a dispatch of the program. Its operands follow by out, in and
// so on, its uniforms by uniform, then run queues it.
func (b *Backend) start(p *program) *launch {
	glyph.CheckOpen(b.closed)
	l := &b.launch
	l.program = p
	l.command = C.glyph_command{program: p.c}
	l.accesses = l.accesses[:0]
	l.broken = b.failed.Load()
	return l
}

// bind makes the bytes lo to hi of a buffer binding i.
func (b *Backend) bind(i int, m glyph.Memory, lo, hi int64, write bool) {
	buf := b.memory(m)
	l := &b.launch
	if l.program == nil || l.broken {
		return
	}
	offset := lo / bindAlign * bindAlign
	size := min((hi-offset+15)/16*16, buf.size-offset)
	if limit := b.device.Limits.StorageBlock; size > limit {
		b.fail(fmt.Errorf("gpu: %s: a tensor of %s is over the device's limit of %s", l.program.file, bytesText(hi-lo), bytesText(limit)))
		l.broken = true
		return
	}
	l.command.binding[i] = C.glyph_binding{buffer: buf.c, offset: C.int64_t(offset), size: C.int64_t(size)}
	l.command.bindings = max(l.command.bindings, C.int32_t(i+1))
	l.command.uniform[i] = C.int32_t((lo - offset) / 4)
	l.accesses = append(l.accesses, access{buf, lo, hi, write})
}

// in binds a tensor that is read, unless it is zero.
func (b *Backend) in(i int, t glyph.Tensor) { b.tensor(i, t, false) }

// out binds a tensor that is written, unless it is zero.
func (b *Backend) out(i int, t glyph.Tensor) { b.tensor(i, t, true) }

func (b *Backend) tensor(i int, t glyph.Tensor, write bool) {
	if !t.IsZero() {
		b.bind(i, t.Buf, 4*int64(t.Off), 4*int64(t.Off+t.Size()), write)
	}
}

// all binds the whole of a buffer.
func (b *Backend) all(i int, m glyph.Memory, write bool) { b.bind(i, m, 0, b.memory(m).bytes, write) }

// uniform sets the integer at a location.
func (l *launch) uniform(location, v int) {
	l.command.uniform[location] = C.int32_t(v)
	l.command.uniforms = max(l.command.uniforms, C.int32_t(location+1))
}

// bits sets the integer at a location to the bits of v.
func (l *launch) bits(location int, v float32) { l.uniform(location, int(int32(math.Float32bits(v)))) }

// run queues the dispatch of groups work groups, each with so much arithmetic,
// in as many commands as the limits ask for.
func (b *Backend) run(groups int, flops float64) {
	l := &b.launch
	if l.broken || groups == 0 {
		return
	}
	most := b.maxGroups
	if flops > 0 {
		most = int(min(max(maxWork/flops, 1), float64(most)))
	}
	target := b.target()
	l.uniform(firstUniform, 0)
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

// write queues the copy of bytes to a buffer.
func (b *Backend) write(m glyph.Memory, offset int64, src unsafe.Pointer, size int) {
	glyph.CheckOpen(b.closed)
	buf := b.memory(m)
	if size == 0 || b.failed.Load() {
		return
	}
	target := b.target()
	data := b.heap.calloc(size)
	copy(unsafe.Slice((*byte)(data), size), unsafe.Slice((*byte)(src), size))
	target.writes = append(target.writes, data)
	// OpenGL orders a write before the commands after it, and after the
	// kernels before it by this barrier.
	b.hazards.clear()
	*target.next() = C.glyph_command{data: data, barrier: barrierStorage | barrierUpdate}
	c := &target.commands[len(target.commands)-1]
	c.binding[0] = C.glyph_binding{buffer: buf.c, offset: C.int64_t(offset), size: C.int64_t(size)}
	if size > 1<<20 || len(b.queue.commands) >= queueLength {
		b.flush()
	}
}
