package cpu

import "testing"

// brokenPart panics in one part, whoever gets it.
type brokenPart int

func (b brokenPart) part(_, i int) {
	if i == int(b) {
		panic("why")
	}
}

// brokenHelper panics in the helper's part, for which the caller waits in its own.
type brokenHelper chan struct{}

func (met brokenHelper) part(worker, _ int) {
	if worker == 0 {
		<-met
		return
	}
	close(met)
	panic("why")
}

// A panic in a part is the caller's of run, whichever worker it was in, and later
// tasks run as ever.
func TestPanicsReachTheCaller(t *testing.T) {
	for _, c := range []struct {
		workers, parts int
		task           func(i int) task
	}{
		{3, 7, func(i int) task { return brokenPart(i % 7) }},
		{2, 2, func(int) task { return make(brokenHelper) }},
	} {
		w := startWorkers(c.workers)
		defer w.stop()
		for i := range 100 {
			func() {
				defer func() {
					if p := recover(); p != "why" {
						t.Fatalf("run %d: recovered %v", i, p)
					}
				}()
				w.run(c.task(i), c.parts)
			}()
		}
		w.run(brokenPart(-1), c.parts)
	}
}
