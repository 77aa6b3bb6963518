package interrupt

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"testing"
)

// A process that was started to ignore a hangup, as by nohup, goes on.
func TestNohup(t *testing.T) {
	signal.Ignore(syscall.SIGHUP)
	defer signal.Reset(syscall.SIGHUP)
	stops := Watch(t.Context())
	defer stops.Stop()
	syscall.Kill(os.Getpid(), syscall.SIGHUP) //nolint:errcheck // or the next signal is alone
	syscall.Kill(os.Getpid(), syscall.SIGTERM)
	<-stops.Soft.Done()
	if stops.mu.Lock(); stops.presses != 1 {
		t.Errorf("%d signals arrived, want SIGTERM alone", stops.presses)
	}
	stops.mu.Unlock()
}

// The first Ctrl-C ends a command, or a training's steps; the second, where that
// is asked for, its evaluations.
func TestInterruptsInSteps(t *testing.T) {
	for _, two := range []bool{false, true} {
		stops := Watch(t.Context())
		abort, press := context.Context(stops.hard), stops.press
		if two {
			abort, press = InTwoSteps(stops.Soft)
		}
		press()
		if stops.Soft.Err() == nil || abort.Err() != nil {
			t.Errorf("two steps %v: after one, %v and %v", two, stops.Soft.Err(), abort.Err())
		}
		if press(); abort.Err() == nil {
			t.Errorf("two steps %v: after two, evaluations go on", two)
		}
		stops.Stop()
	}
	if abort, press := InTwoSteps(t.Context()); abort.Err() != nil {
		t.Error("without signals, evaluations are over at once")
	} else {
		press()
	}
}
