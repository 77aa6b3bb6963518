package cpu

import (
	"sync"
	"sync/atomic"
)

// A task is work in parts that may run in any order and at the same time. The
// worker's number chooses its scratch memory and nothing else, so results do
// not depend on who does what.
type task interface {
	part(worker, i int)
}

// workers are goroutines that wait for tasks. The caller of run is worker 0.
type workers struct {
	n    int
	wake []chan struct{} // one for each worker but 0
	done sync.WaitGroup

	task  task
	parts int64
	next  atomic.Int64
}

func startWorkers(n int) *workers {
	w := &workers{n: n, wake: make([]chan struct{}, n-1)}
	for i := range w.wake {
		wake := make(chan struct{}, 1)
		w.wake[i] = wake
		go func() {
			for range wake {
				w.work(i + 1)
				w.done.Done()
			}
		}()
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
	w.done.Add(helpers)
	for _, wake := range w.wake[:helpers] {
		wake <- struct{}{}
	}
	w.work(0)
	w.done.Wait()
	w.task = nil
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

func (w *workers) stop() {
	for _, wake := range w.wake {
		close(wake)
	}
}

// span is part i of n elements cut into parts of size elements.
func span(i, size, n int) (lo, hi int) { return i * size, min(i*size+size, n) }

// ceil is a/b rounded up.
func ceil(a, b int) int { return (a + b - 1) / b }
