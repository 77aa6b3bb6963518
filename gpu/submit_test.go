//go:build cgo && linux

package gpu

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"glyph"
)

// BenchmarkSubmission is what a recorded training step costs the processor: the calls
// of OpenGL, and what the driver makes of them, on the thread and on the driver's own.
// It says something where the device is not the processor: make gpu-submit runs it on
// devices that do nothing.
func BenchmarkSubmission(b *testing.B) {
	for _, c := range []struct {
		name  string
		batch int
		make  func(glyph.Backend, int) *trainer
	}{
		{"mlp", 16, mlp},
		{"cnn", 64, func(g glyph.Backend, batch int) *trainer { return cnn(g, batch, [3]int{32, 64, 64}) }},
	} {
		b.Run(fmt.Sprintf("%s/%d", c.name, c.batch), func(b *testing.B) {
			g := open(b)
			step := c.make(g, c.batch).step
			g.Repeat(g.fuseFrom, step)
			if err := g.Sync(); err != nil { // all programs are made, those of the compiled step too
				b.Fatal(err)
			}
			before := g.Counts()
			b.ResetTimer()
			process, thread := used(syscall.RUSAGE_SELF), g.threadTime()
			g.Repeat(b.N, step)
			if err := g.Sync(); err != nil {
				b.Fatal(err)
			}
			micros := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 / float64(b.N) }
			b.ReportMetric(micros(used(syscall.RUSAGE_SELF)-process), "µs-process/step")
			b.ReportMetric(micros(g.threadTime()-thread), "µs-thread/step")
			asked := g.Counts().Sub(before)
			b.ReportMetric(float64(asked.Dispatches)/float64(b.N), "dispatches/step")
			b.ReportMetric(float64(asked.Barriers)/float64(b.N), "barriers/step")
		})
	}
}

// threadTime is the processor time of the thread that calls OpenGL.
func (b *Backend) threadTime() (d time.Duration) {
	const thread = 1 // RUSAGE_THREAD
	b.call(func() { d = used(thread) })
	return d
}

func used(who int) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
