// Package interrupt ends a command by Ctrl-C, and by the signals that ask a
// process to end, in steps.
package interrupt

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// Signals ends a command in stages. The first Ctrl-C, or a signal that asks
// the process to end, cancels its context: a training finishes its step,
// evaluates and saves, and anything else stops. The second ends a training's
// evaluations too. The one after that ends the process, as signals do.
type Signals struct {
	Soft           context.Context // of the command: done after the first
	hard           context.Context
	cancel, abort  context.CancelFunc
	signals        chan os.Signal
	mu             sync.Mutex
	presses        int
	evaluatesFirst bool // the second only ends evaluations
}

type key struct{}

// Watch begins to catch signals, but none that the process was started
// to ignore, as nohup does with SIGHUP.
func Watch(parent context.Context) *Signals {
	i := &Signals{signals: make(chan os.Signal, 8)}
	i.hard, i.abort = context.WithCancel(parent)
	i.Soft, i.cancel = context.WithCancel(context.WithValue(i.hard, key{}, i))
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			signal.Notify(i.signals, s)
		}
	}
	go func() {
		for range i.signals {
			i.press()
		}
	}()
	return i
}

// press is one Ctrl-C.
func (i *Signals) press() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.presses++
	last := 1
	if i.evaluatesFirst {
		last = 2
	}
	if i.presses >= last {
		signal.Stop(i.signals) // the next ends the process
	}
	if i.cancel(); i.presses > 1 {
		i.abort()
	}
}

// Stop stops catching signals.
func (i *Signals) Stop() {
	signal.Stop(i.signals)
	close(i.signals)
	i.cancel()
	i.abort()
}

// InTwoSteps returns a context that a second Ctrl-C cancels. The first one cancels
// ctx and leaves work to finish. press stands for a Ctrl-C that a terminal delivers
// as a key.
func InTwoSteps(ctx context.Context) (abort context.Context, press func()) {
	i, ok := ctx.Value(key{}).(*Signals)
	if !ok {
		return context.WithoutCancel(ctx), func() {}
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.evaluatesFirst = true
	return i.hard, i.press
}
