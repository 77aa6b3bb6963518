package device

import (
	"fmt"
	"runtime"
	"strings"

	"glyph"
	"glyph/cpu"
	"glyph/gpu"
)

// Trials opens backends for many short trainings.
type Trials struct {
	Name     string // of the backend
	Hardware string // the processor or the renderer
	Note     string // why this one, or ""
	Parallel int    // trainings at once

	open  func() (glyph.Backend, error)
	close func() error // what is kept open between trainings
	gpus  *several     // or nil
}

// Trials opens the chosen backend once, to find out which it is. A GPU stays open
// for all trainings, and Which may name several, with commas between them, one trial at
// a time on each if parallel is 0. On the CPU each training has one worker, and as many
// run at once as there are processors, if parallel is 0: small networks gain little from
// more workers.
func (c Choice) Trials(parallel int) (*Trials, error) {
	if strings.Contains(c.Which, ",") {
		return c.several(parallel)
	}
	d, err := c.Open()
	if err != nil {
		return nil, err
	}
	t := &Trials{Name: d.Name(), Hardware: d.Hardware, Note: d.Note, Parallel: max(1, parallel)}
	if d.Kind == GPU {
		contexts := c.contexts(d.Backend)
		t.open, t.close = contexts.take, contexts.Close
		return t, nil
	}
	if err := d.Close(); err != nil {
		return nil, err
	}
	t.close = func() error { return nil }
	t.open = func() (glyph.Backend, error) {
		if c.Kind == Gonum {
			return cpu.NewGonum[float32](1), nil
		}
		return cpu.New[float32](1), nil
	}
	t.Name = "cpu float32, " + d.Kernels()
	if parallel == 0 {
		t.Parallel = runtime.GOMAXPROCS(0)
	}
	return t, nil
}

// contexts keeps contexts on the chosen GPU, of which there is one already.
func (c Choice) contexts(first glyph.Backend) *pool {
	return &pool{idle: []glyph.Backend{first}, open: func() (glyph.Backend, error) {
		b, err := gpu.Open(c.options())
		if err != nil {
			return nil, fmt.Errorf("the gpu can't be opened again: %w", err)
		}
		return b, nil
	}}
}

// Title is the backend with its hardware.
func (t *Trials) Title() string {
	if strings.Contains(t.Name, t.Hardware) {
		return t.Name
	}
	return t.Name + ", " + t.Hardware
}

// Open is a backend for one training, which closes it.
func (t *Trials) Open() (glyph.Backend, error) { return t.open() }

// Left is how many of several devices have not failed. It is 0 where there is one, since
// nothing can go on without it.
func (t *Trials) Left() int {
	if t.gpus == nil {
		return 0
	}
	return t.gpus.left()
}

// Close closes what was kept open. No training may be under way.
func (t *Trials) Close() error { return t.close() }
