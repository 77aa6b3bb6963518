package window

import (
	"context"
	"testing"
)

// The gate lets all steps through, none, or as many as N was pressed while it was closed.
func TestGate(t *testing.T) {
	g := newGate()
	ctx, cancel := context.WithCancel(t.Context())
	if n := g.pass(ctx, 7); n != 7 {
		t.Errorf("an open gate passes %d of 7", n)
	}
	g.step() // the first only pauses
	if !g.isPaused() {
		t.Error("N does not pause")
	}
	g.step()
	g.step()
	if a, b := g.pass(ctx, 7), g.pass(ctx, 7); a != 1 || b != 1 {
		t.Errorf("two steps are %d and %d", a, b)
	}
	passed := make(chan int)
	go func() { passed <- g.pass(ctx, 7) }()
	g.toggle()
	if n := <-passed; n != 7 {
		t.Errorf("a gate that opens passes %d of 7", n)
	}
	g.toggle()
	go func() { passed <- g.pass(ctx, 7) }()
	cancel()
	if n := <-passed; n != 0 {
		t.Errorf("Ctrl-C at a closed gate: %d steps", n)
	}
}
