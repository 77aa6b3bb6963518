package cpu

import (
	"runtime"
	"sync/atomic"
)

// A task is work in parts that may run in any order and at the same time. The
// worker's number chooses its scratch memory and nothing else, so results do
// not depend on who does what.
type task interface {
	part(worker, i int)
}

// workers are goroutines that wait for tasks. The caller of run is worker 0.
//
// The operations of a training step follow each other within microseconds, and
// waking a sleeping goroutine takes several. So a worker looks for the next
// task for a while before it sleeps, and one that comes late finds the task
// finished: run waits only for those that have begun.
type workers struct {
	n    int
	wake chan struct{}

	task  task
	parts int64
	next  atomic.Int64

	// gate is a number for each task, whether it is open, and how many helpers
	// are at work on it.
	gate     atomic.Uint64
	sleeping atomic.Int32
	stopped  atomic.Bool
	broken   atomic.Pointer[any] // what a helper panicked with
}

const (
	gateOpen = 1 << 16 // below it is the count of helpers
	gateTask = 1 << 17 // and from here on the number of the task

	// pollsBeforePark is how often a worker checks for a task before it sleeps:
	// some tens of microseconds.
	pollsBeforePark = 40_000
	// pollsBeforeYield is how often run checks whether a helper has ended before it lets
	// other goroutines run.
	pollsBeforeYield = 4000
)

func startWorkers(n int) *workers {
	w := &workers{n: n, wake: make(chan struct{}, n)}
	for i := 1; i < n; i++ {
		go w.help(i)
	}
	return w
}

// run does every part of t and returns when all are done.
func (w *workers) run(t task, parts int) {
	helpers := min(w.n, parts) - 1
	if helpers < 1 {
		for i := range parts {
			t.part(0, i)
		}
		return
	}
	w.task, w.parts = t, int64(parts)
	w.next.Store(0)
	w.gate.Store((w.gate.Load()/gateTask+1)*gateTask + gateOpen)
	for range min(int(w.sleeping.Load()), helpers) {
		select {
		case w.wake <- struct{}{}:
		default:
		}
	}
	defer w.settle() // after a panic too: no helper may still be at work
	w.work(0)
}

// settle closes the gate, waits for the helpers that are at work, and panics if one
// of them panicked.
func (w *workers) settle() {
	for {
		if g := w.gate.Load(); w.gate.CompareAndSwap(g, g&^gateOpen) {
			break
		}
	}
	for i := 0; w.gate.Load()%gateOpen != 0; i++ {
		if i > pollsBeforeYield {
			runtime.Gosched()
		}
	}
	w.task = nil
	if p := w.broken.Load(); p != nil {
		w.broken.Store(nil)
		panic(*p)
	}
}

// work takes parts until none are left.
func (w *workers) work(worker int) {
	for {
		i := w.next.Add(1) - 1
		if i >= w.parts {
			return
		}
		w.task.part(worker, int(i))
	}
}

// help is the loop of a helper.
func (w *workers) help(worker int) {
	var seen uint64 // the task worked on last
	for w.await(seen) {
		g := w.gate.Load()
		if g&gateOpen == 0 || g/gateTask == seen || !w.gate.CompareAndSwap(g, g+1) {
			continue
		}
		seen = g / gateTask
		w.workFor(worker)
		w.gate.Add(^uint64(0))
	}
}

// workFor is work on behalf of run's caller, which also gets the panic if there is one.
func (w *workers) workFor(worker int) {
	defer func() {
		if p := recover(); p != nil {
			value := p // or every call allocates
			w.broken.CompareAndSwap(nil, &value)
		}
	}()
	w.work(worker)
}

// await returns true when a task other than seen may be open, and false when
// the workers have stopped.
func (w *workers) await(seen uint64) bool {
	hasNewTask := func() bool {
		g := w.gate.Load()
		return g&gateOpen != 0 && g/gateTask != seen
	}
	for range pollsBeforePark {
		if hasNewTask() {
			return true
		}
	}
	w.sleeping.Add(1)
	if !hasNewTask() && !w.stopped.Load() { // else the token may have been sent already
		<-w.wake
	}
	w.sleeping.Add(-1)
	return !w.stopped.Load()
}

func (w *workers) stop() {
	w.stopped.Store(true)
	close(w.wake)
}

// span is part i of n elements cut into parts of size elements.
func span(i, size, n int) (lo, hi int) { return i * size, min(i*size+size, n) }

// ceil is a/b rounded up.
func ceil(a, b int) int { return (a + b - 1) / b }
