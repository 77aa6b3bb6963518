//go:build cgo

package window

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"glyph"
	"glyph/gpu"
	"glyph/train"
)

// Window shows one training.
type Window struct {
	b     *gpu.Backend
	o     Options
	state state
	gate  *gate

	view  *view                           // the thread's
	visit func(*gpu.Moment) time.Duration // of a test; nil is the view's
	wrap  func(gpu.Surface) gpu.Surface   // of a test, or nil
	now   func() time.Time                // time.Now, but in a test

	mu    sync.Mutex
	notes []string
}

// Open prepares the window of a backend whose context has one. It appears when the
// training begins.
func Open(b glyph.Backend, o Options) (*Window, error) {
	g, ok := b.(*gpu.Backend)
	if !ok {
		return nil, errors.New("a window needs the GPU that trains, and this training runs on the CPU")
	}
	return &Window{b: g, o: o, gate: newGate(), now: time.Now}, nil
}

// Follow adds what the window needs to a training, before it begins.
func (w *Window) Follow(t *train.Training) {
	say := t.Callbacks
	steps := 0
	t.Callbacks.Begin = func(in train.Inside) error {
		steps = in.Steps
		if say.Begin != nil {
			if err := say.Begin(in); err != nil {
				return err
			}
		}
		return w.begin(in)
	}
	t.Callbacks.Step = func(step int, loss, accuracy float64) {
		if say.Step != nil {
			say.Step(step, loss, accuracy)
		}
		w.state.step(step, loss, accuracy)
	}
	t.Callbacks.Progress = func(p train.Progress) {
		if say.Progress != nil {
			say.Progress(p)
		}
		w.state.mu.Lock()
		defer w.state.mu.Unlock()
		w.state.progress = p
	}
	t.Callbacks.Epoch = func(e train.Epoch) {
		if say.Epoch != nil {
			say.Epoch(e)
		}
		w.state.epoch(e, steps)
	}
	if t.From != nil {
		for _, e := range t.From.Epochs {
			w.state.epoch(e, (t.Data.Train.Len()+t.Options.Batch-1)/t.Options.Batch)
		}
	}
	t.Gate = w.gate.pass
}

// begin makes what is looked at, and begins to look.
func (w *Window) begin(in train.Inside) error {
	s, err := newScene(w.b, in, w.o.Batch, w.o.Epochs)
	if err != nil {
		return fmt.Errorf("the window: %w", err)
	}
	w.view = &view{w: w, picture: picture{scene: s, o: w.o, state: &w.state}}
	visit := w.view.visit
	if w.visit != nil {
		visit = w.visit
	}
	w.b.Visit(visit)
	return nil
}

// Notes lists what happened that the user should know, a line each: pictures that were
// saved, and why the window ended if nobody closed it.
func (w *Window) Notes() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.notes
}

func (w *Window) tell(line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.notes = append(w.notes, line)
}
