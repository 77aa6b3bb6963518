package device

import (
	"fmt"
	"runtime"

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
}

// Trials opens the chosen backend once, to find out which it is. A GPU stays open
// for all trainings. On the CPU each training has one worker, and as many run at
// once as there are processors, if parallel is 0: small networks gain little from
// more workers.
func (c Choice) Trials(parallel int) (*Trials, error) {
	d, err := c.Open()
	if err != nil {
		return nil, err
	}
	t := &Trials{Name: d.Name(), Hardware: d.Hardware, Note: d.Note, Parallel: max(1, parallel)}
	if d.Kind == GPU {
		contexts := &pool{idle: []glyph.Backend{d.Backend}, open: func() (glyph.Backend, error) {
			b, err := gpu.Open(c.options())
			if err != nil {
				return nil, fmt.Errorf("the gpu can't be opened again: %w", err)
			}
			return b, nil
		}}
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

// Open is a backend for one training, which closes it.
func (t *Trials) Open() (glyph.Backend, error) { return t.open() }

// Close closes what was kept open. No training may be under way.
func (t *Trials) Close() error { return t.close() }
