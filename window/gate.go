package window

import (
	"context"
	"sync"
)

// gate holds a training between two steps.
type gate struct {
	mu      sync.Mutex
	paused  bool
	steps   int           // that may be taken while paused
	changed chan struct{} // closed at the next change
}

func newGate() *gate { return &gate{changed: make(chan struct{})} }

// pass is train.Training.Gate.
func (g *gate) pass(ctx context.Context, n int) int {
	for {
		g.mu.Lock()
		changed := g.changed
		switch {
		case !g.paused:
			g.mu.Unlock()
			return n
		case g.steps > 0:
			g.steps--
			g.mu.Unlock()
			return 1
		}
		g.mu.Unlock()
		select {
		case <-ctx.Done():
			return 0
		case <-changed:
		}
	}
}

// set changes the gate.
func (g *gate) set(change func(g *gate)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	change(g)
	close(g.changed)
	g.changed = make(chan struct{})
}

func (g *gate) toggle() { g.set(func(g *gate) { g.paused, g.steps = !g.paused, 0 }) }
func (g *gate) open()   { g.set(func(g *gate) { g.paused, g.steps = false, 0 }) }

// step pauses, and lets one step through if it was paused already.
func (g *gate) step() {
	g.set(func(g *gate) {
		if g.paused {
			g.steps++
		}
		g.paused = true
	})
}

func (g *gate) isPaused() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.paused
}
