//go:build cgo

package gpu

// #include "exec.h"
import "C"

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"glyph"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// visits are calls of a function that looks at the Backend's memory between steps. All
// of it is the thread's.
type visits struct {
	look    func(*Moment) time.Duration
	due     time.Time
	partial bool // look needs no memory that a compiled step leaves out
	wanted  bool // a step is to be timed
	timing  bool // it is being timed
	before  C.int
	times   []glyph.KernelTime
}

// Visit has look called on the Backend's thread, with its context current: at once,
// and then each time after the pause that it returned, between two steps of Repeat or
// while the thread has nothing to do. It may use OpenGL in any way that leaves the
// Backend's buffers as they are. A negative pause ends the visits, as a nil look does.
func (b *Backend) Visit(look func(*Moment) time.Duration) {
	b.call(func() { b.visits = visits{look: look, due: time.Now()} })
}

// Moment is a time between two steps. It is valid until look returns.
type Moment struct{ b *Backend }

// next is the next job, with visits while there is none.
func (b *Backend) next() (j job, more bool) {
	for b.visits.look != nil {
		select {
		case j, more = <-b.jobs:
			return j, more
		case <-time.After(time.Until(b.visits.due)):
			b.visit()
		}
	}
	j, more = <-b.jobs
	return j, more
}

// visitBefore makes a visit that is due before a step is repeated, and says how many
// repetitions may follow, and for how long, until the next one is.
func (b *Backend) visitBefore(t *batch, repeats int) (n int, limit time.Duration) {
	v := &b.visits
	if !time.Now().Before(v.due) {
		b.visit()
	}
	if v.look == nil {
		return repeats, 0
	}
	if v.wanted {
		v.wanted, v.timing, v.before = false, true, b.state.timing
		b.startTiming(t)
		return 1, 0
	}
	return repeats, max(time.Until(v.due), 1)
}

// visit calls look. What it leaves behind in the context is not the Backend's. A panic in
// it becomes the Backend's error, as in do.
func (b *Backend) visit() {
	defer func() {
		if p := recover(); p != nil {
			b.visits.look = nil
			b.fail(fmt.Errorf("gpu: internal error: %v", p))
		}
	}()
	b.checkDevice("computing")
	if b.failed.Load() {
		b.visits.look = nil
		return
	}
	C.glyph_restart(b.state)
	pause := b.visits.look(&Moment{b})
	C.glyph_restart(b.state)
	for range 16 { // look has asked for errors of its own
		if gl.GetError() == gl.NO_ERROR {
			break
		}
	}
	b.visits.due = time.Now().Add(pause)
	if pause < 0 {
		b.visits.look = nil
	}
}

// Where is the buffer object that a tensor lies in, and its bytes there.
func (m *Moment) Where(t glyph.Tensor) (buffer uint32, offset, size int) {
	buf := m.b.memory(t.Buf)
	return uint32(buf.c.name), int(buf.at) + 4*t.Off, 4 * t.Size()
}

// Buffer is the buffer object that memory lies in, and its bytes there. Small buffers
// share one object.
func (m *Moment) Buffer(of glyph.Memory) (buffer uint32, offset, size int) {
	buf := m.b.memory(of)
	return uint32(buf.c.name), int(buf.at), int(buf.size)
}

// Run carries out what was recorded.
func (m *Moment) Run(r *Recording) {
	C.glyph_restart(m.b.state)
	m.b.execute(job{batch: r.batch, repeats: 1})
	C.glyph_restart(m.b.state)
}

// Complete says whether the visits that follow find all memory as the step's operations
// leave it, which is so until it is called. That costs one step before each visit that is
// carried out operation by operation. Without it, what a compiled step keeps to itself,
// such as gradients, may be old; weights, the state of the optimizer and what is logged
// are right either way.
func (m *Moment) Complete(all bool) { m.b.visits.partial = !all }

// Wait waits for the device.
func (m *Moment) Wait() { gl.Finish() }

// Surface is the window of the context, or nil if it has none.
func (m *Moment) Surface() Surface {
	s, _ := m.b.ctx.(Surface)
	return s
}

// TimeStep has the kernels of the next step timed. Times is what that found, the
// slowest first, or nil if there is nothing new.
func (m *Moment) TimeStep() { m.b.visits.wanted = true }

// Times: see TimeStep.
func (m *Moment) Times() []glyph.KernelTime {
	list := m.b.visits.times
	m.b.visits.times = nil
	return list
}

// startTiming begins to time the kernels of a batch, unless all are timed anyway.
func (b *Backend) startTiming(t *batch) {
	if b.visits.before != C.GLYPH_NO_TIMES {
		return
	}
	for i := range t.commands {
		if p := t.commands[i].program; p != nil {
			p.calls, p.nanoseconds = 0, 0
		}
	}
	b.setTiming(true)
}

// timed collects the times of a batch that has run once.
func (v *visits) timed(b *Backend, t *batch) {
	v.timing = false
	if b.state.timing = v.before; v.before != C.GLYPH_NO_TIMES {
		return
	}
	v.times = v.times[:0]
	for i := range t.commands {
		p := t.commands[i].program
		if p == nil || p.calls == 0 || b.compiled[p] == nil {
			continue
		}
		of := b.compiled[p]
		v.times = append(v.times, glyph.KernelTime{Name: of.name(), File: of.kernel.file, Calls: int(p.calls), Total: time.Duration(p.nanoseconds)})
		p.calls, p.nanoseconds = 0, 0
	}
	slices.SortFunc(v.times, func(a, b glyph.KernelTime) int {
		return cmp.Or(cmp.Compare(b.Total, a.Total), cmp.Compare(a.Name, b.Name))
	})
}
