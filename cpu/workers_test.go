package cpu

import "testing"

// brokenPart panics in one part, whoever gets it.
type brokenPart int

func (b brokenPart) part(_, i int) {
	if i == int(b) {
		panic("why")
	}
}

// A panic in a part is the caller's of run, whichever worker it was in, and later
// tasks run as ever.
func TestPanicsReachTheCaller(t *testing.T) {
	w := startWorkers(3)
	defer w.stop()
	for i := range 300 {
		func() {
			defer func() {
				if p := recover(); p != "why" {
					t.Fatalf("run %d: recovered %v", i, p)
				}
			}()
			w.run(brokenPart(i%7), 7)
		}()
	}
	w.run(brokenPart(-1), 7)
}
