//go:build cgo

package gpu

import (
	"slices"
	"strings"
	"testing"
	"time"

	"glyph"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// A visitor comes between whole steps, may use the context as it likes, and changes
// nothing of what is computed. It sees the step timed that it asks for, and stops when it
// says so.
func TestVisit(t *testing.T) {
	const steps = 12
	run := func(look func(b *Backend, tr *trainer) func(*Moment) time.Duration) (log, w []float32) {
		b := open(t)
		tr := mlp(b, 4)
		if look != nil {
			b.Visit(look(b, tr))
		}
		b.Repeat(steps, tr.step)
		b.Repeat(1, tr.step)
		return tr.result(t)
	}
	wantLog, want := run(nil)

	var seen []int32
	var times []glyph.KernelTime
	log, w := run(func(b *Backend, tr *trainer) func(*Moment) time.Duration {
		seenClock := b.AllocInts(glyph.ClockLen)
		probe := glyph.NewTensor(b, tr.w.Shape)
		record := b.Record(func() { b.Copy(probe, tr.w) })
		return func(m *Moment) time.Duration {
			m.Run(record)
			// The clock goes by way of a copy, as whoever reads the buffer that every step
			// writes slows the steps down.
			from, at, size := m.Buffer(tr.clock)
			to, seenAt, _ := m.Buffer(seenClock)
			gl.BindBuffer(gl.COPY_READ_BUFFER, from)
			gl.BindBuffer(gl.COPY_WRITE_BUFFER, to)
			gl.CopyBufferSubData(gl.COPY_READ_BUFFER, gl.COPY_WRITE_BUFFER, at, seenAt, min(size, 8))
			var clock [2]int32
			gl.GetBufferSubData(gl.COPY_WRITE_BUFFER, seenAt, 8, gl.Ptr(&clock[0]))
			seen = append(seen, clock[0])
			if clock[1] != 4*clock[0] {
				t.Errorf("step %d and row %d: a visit within a step", clock[0], clock[1])
			}
			if name, offset, bytes := m.Where(tr.w); name == 0 || offset != 0 || bytes != 4*tr.w.Size() {
				t.Errorf("the weights are in buffer %d at %d, %d bytes", name, offset, bytes)
			}
			gl.UseProgram(0) // what a visitor leaves behind
			for i := range uint32(maxBindings) {
				gl.BindBufferBase(gl.SHADER_STORAGE_BUFFER, i, 0)
			}
			gl.Enable(0xffff)
			if got := m.Times(); got != nil {
				times = slices.Clone(got)
			}
			m.TimeStep()
			if clock[0] == 9 {
				return -1
			}
			return 0
		}
	})
	if !slices.Equal(log, wantLog) || !slices.Equal(w, want) {
		t.Error("visits change what is computed")
	}
	slices.Sort(seen)
	if seen = slices.Compact(seen); len(seen) != 10 || seen[9] != 9 {
		t.Errorf("visits after the steps %v; want the beginning and each up to the 9th, and none later", seen)
	}
	if len(times) < 5 || !slices.ContainsFunc(times, func(k glyph.KernelTime) bool {
		return strings.HasPrefix(k.Name, "dense.comp ") && k.Calls > 0 && k.Total > 0
	}) {
		t.Errorf("the kernels of a step took %v", times)
	}
}

// Visitors that don't need all memory cost no step that is carried out operation by
// operation, and the last step is such a one all the same.
func TestVisitPartial(t *testing.T) {
	const steps = 9
	run := func(visits, complete bool) (w []float32, dispatches uint64) {
		b := openFused(t)
		tr := mlp(b, 4)
		b.Repeat(1, tr.step)
		if visits {
			b.Visit(func(m *Moment) time.Duration {
				m.Complete(complete)
				return 0
			})
		}
		before := b.Counts()
		b.Repeat(steps, tr.step)
		_, w = tr.result(t)
		b.Visit(nil)
		return w, b.Counts().Sub(before).Dispatches
	}
	want, without := run(false, false)
	complete, most := run(true, true)
	partial, least := run(true, false)
	if !slices.Equal(complete, want) || !slices.Equal(partial, want) {
		t.Error("visits change what is computed")
	}
	if least != without || most <= without {
		t.Errorf("%d steps take %d dispatches, %d with visits, and %d with visits that need all memory", steps, without, least, most)
	}
}

// While the thread has nothing to do there are visits too, and a Backend that is closed
// has none.
func TestVisitWhenIdle(t *testing.T) {
	b := open(t)
	visits := make(chan bool, 3)
	b.Visit(func(*Moment) time.Duration {
		select {
		case visits <- true:
		default:
		}
		return time.Millisecond
	})
	for range 3 {
		<-visits
	}
	b.Visit(nil)
	if err := b.Sync(); err != nil {
		t.Error(err)
	}
}

// A visitor that panics while the thread has nothing to do does not end the process.
func TestVisitPanics(t *testing.T) {
	open(t)
	b, err := Open(Options{Device: "0"})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close() //nolint:errcheck // it has the error
	panicked := make(chan bool)
	b.Visit(func(*Moment) time.Duration {
		defer close(panicked)
		panic("why")
	})
	<-panicked
	wantError(t, b.Sync(), "internal error: why")
}
