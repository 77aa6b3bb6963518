//go:build cgo

package gpu

// #include "exec.h"
import "C"

import (
	"fmt"
	"runtime"
	"slices"
	"time"
	"unsafe"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// batchesInFlight is how many batches there are: one is filled while the
// others wait for the thread.
const batchesInFlight = 6

// job is work for the thread: a function or a batch.
type job struct {
	call    func()
	done    chan struct{}
	batch   *batch
	fused   *batch // does what batch does, but for memory that nobody looks at between steps
	repeats int
	step    bool // the batch is a step that was recorded, with visits between repetitions
}

// thread owns the context, from making it to Close.
func (b *Backend) thread(o Options, ready chan<- error) {
	runtime.LockOSThread() // and never unlocked: the thread ends with the context
	b.state = (*C.glyph_state)(b.heap.calloc(C.sizeof_glyph_state))
	if o.Dry {
		b.dry, b.device = true, dryDevice
		if o.Device != "" {
			b.device.Vendor = o.Device
		}
	} else if err := b.openDevice(o); err != nil {
		ready <- err
		return
	}
	close(ready)

	for {
		j, more := b.next()
		if !more {
			break
		}
		b.do(j)
		if j.done != nil {
			close(j.done)
		}
		if j.batch == nil {
			continue
		}
		for _, t := range [...]*batch{j.batch, j.fused} {
			if t != nil {
				t.clear()
				b.free <- t
			}
		}
	}
	if b.ctx != nil {
		b.ctx.close()
	}
	b.heap.freeAll()
	close(b.ended)
}

// openDevice makes the context that the options ask for, current on the thread.
func (b *Backend) openDevice(o Options) error {
	ctx, device, err := choose(o)
	if err != nil {
		return err
	}
	b.ctx, b.device = ctx, device
	b.cache = openProgramCache(cacheFolder(o.Cache), device)
	if b.tuning.mode, err = tuneMode(o, device.Software); err != nil {
		ctx.close()
		return err
	}
	if b.tuning.mode != "off" {
		b.tuning.file = openTileFile(cacheFolder(o.Cache), device)
	}
	b.reset = device.OpenGL >= "4.5" || hasExtension("GL_KHR_robustness")
	if env("GLYPH_GL_DEBUG") {
		C.glyph_debug()
	}
	b.setTexels()
	b.setTiming(o.Time || env("GLYPH_GL_TIME"))
	gl.GetError()
	return nil
}

// do carries out a job. A panic in it would end the process from a goroutine
// where nobody can catch it, so it becomes the Backend's error.
func (b *Backend) do(j job) {
	defer func() {
		if p := recover(); p != nil {
			b.fail(fmt.Errorf("gpu: internal error: %v", p))
		}
	}()
	if j.call != nil {
		j.call()
		return
	}
	b.execute(j)
}

// execute has the thread carry out a batch, with visits between the repetitions of a
// step. At the end, and before each visit that wants it, comes a repetition that leaves
// all memory complete.
func (b *Backend) execute(j job) {
	t, fused, repeats := j.batch, j.fused, j.repeats
	if b.dry {
		if fused != nil {
			fused.count(&b.state.counts, repeats-1)
			repeats = 1
		}
		t.count(&b.state.counts, repeats)
		return
	}
	if !b.failed.Load() {
		b.compile(t.programs)
	}
	if fused != nil && !b.failed.Load() && !b.compileFused(fused) {
		fused = nil
	}
	for repeats > 0 && len(t.commands) > 0 && !b.failed.Load() {
		run, n, until := t, repeats, time.Duration(0)
		if fused != nil && repeats > 1 {
			run = fused
		}
		if j.step && b.visits.look != nil {
			n, until = b.visitBefore(run, repeats)
		}
		if run == fused {
			n = min(n, repeats-1)
		}
		if !b.perform(run, n, until) {
			return
		}
		repeats -= int(b.state.done)
		if j.step && b.visits.timing {
			b.visits.timed(b, run)
		}
		if run == fused && (repeats == 1 || !b.visits.partial) {
			if !b.perform(t, 1, 0) {
				return
			}
			repeats--
		}
	}
}

// perform has a batch run n times, or for so long.
func (b *Backend) perform(t *batch, n int, until time.Duration) bool {
	return b.answered(C.glyph_exec(b.state, &t.commands[0], C.int(len(t.commands)), C.int64_t(n), C.int64_t(until)))
}

// call runs f on the thread after all that was queued, and waits for it.
func (b *Backend) call(f func()) {
	if b.closed {
		return
	}
	b.flush()
	done := make(chan struct{})
	b.jobs <- job{call: f, done: done}
	<-done
}

// post has the thread run f after all that was queued, and does not wait.
func (b *Backend) post(f func()) {
	b.flush()
	b.jobs <- job{call: f}
}

// flush hands the queued commands to the thread.
func (b *Backend) flush() {
	if b.repeat == nil && !b.queue.empty() {
		b.jobs <- job{batch: b.queue, repeats: 1}
		b.queue = <-b.free
	}
}

// release deletes what the Backend made in the context.
func (b *Backend) release() {
	if b.ctx == nil {
		return
	}
	C.glyph_forget(b.state)
	if b.staging != 0 {
		gl.DeleteBuffers(1, &b.staging)
	}
	for _, p := range b.programs {
		gl.DeleteProgram(uint32(p.c.name))
	}
	for buf := range b.buffers {
		b.deleteTextures(buf)
		name := uint32(buf.c.name)
		gl.DeleteBuffers(1, &name)
	}
}

// batch is a list of commands in C memory, with the programs they need first
// and the host data they write.
type batch struct {
	heap     *heap
	commands []C.glyph_command
	programs []*program
	writes   []unsafe.Pointer
	memory   unsafe.Pointer
}

func newBatch(h *heap) *batch {
	t := &batch{heap: h}
	t.grow(64)
	return t
}

func (t *batch) empty() bool { return len(t.commands) == 0 && len(t.programs) == 0 }

// next is a place for one more command.
func (t *batch) next() *C.glyph_command {
	if len(t.commands) == cap(t.commands) {
		t.grow(2 * cap(t.commands))
	}
	t.commands = t.commands[:len(t.commands)+1]
	return &t.commands[len(t.commands)-1]
}

func (t *batch) grow(n int) {
	memory := t.heap.calloc(n * C.sizeof_glyph_command)
	commands := unsafe.Slice((*C.glyph_command)(memory), n)[:len(t.commands)]
	copy(commands, t.commands)
	if t.memory != nil {
		t.heap.free(t.memory)
	}
	t.commands, t.memory = commands, memory
}

func (t *batch) need(p *program) {
	if !slices.Contains(t.programs, p) {
		t.programs = append(t.programs, p)
	}
}

// count adds what the commands ask of the device, as glyph_exec does.
func (t *batch) count(n *C.glyph_counts, repeats int) {
	for _, c := range t.commands {
		if c.barrier != 0 {
			n.barriers += C.uint64_t(repeats)
		}
		if c.program != nil {
			n.dispatches += C.uint64_t(repeats)
		} else {
			n.transfers += C.uint64_t(repeats)
		}
	}
}

// clear empties the batch, keeping its memory.
func (t *batch) clear() {
	for _, p := range t.writes {
		t.heap.free(p)
	}
	t.commands, t.programs, t.writes = t.commands[:0], t.programs[:0], t.writes[:0]
}
