//go:build cgo && glfw && linux

package window

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"glyph/gpu"
	"glyph/models"
	"glyph/train"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// BenchmarkWindow is a training in whose course a window is shown and left alone, second by
// second in turn. What it reports are medians over the pairs of seconds, of what a step
// takes with the window over what it takes without: in time (x-wall), and in the processor
// time of this program and of the X server (x-cpu). The window may raise either by 0.05.
//
// The mode "window" is what people get, and needs a machine with nothing else to do.
// "processor" is for busy ones: the window's clock, which 30 frames a second and the shares
// are of, is the program's processor time. "empty" only interrupts the training, and
// "blank" shows a window in which nothing is drawn.
//
//	xvfb-run -a go test -tags glfw ./window -run '^$' -bench . -benchtime 30x
func BenchmarkWindow(b *testing.B) {
	for _, c := range []struct {
		name string
		spec models.Spec
	}{
		{"mlp16", models.Spec{Model: "mlp", Hidden: []int{16}}},
		{"mlp256", models.Spec{Model: "mlp", Hidden: []int{256}}},
		{"cnn", models.Spec{Model: "cnn", Filters: []int{8, 16}, Units: []int{64}}},
	} {
		for _, mode := range []string{"empty", "blank", "processor", "window"} {
			b.Run(c.name+"/"+mode, func(b *testing.B) { alternate(b, c.spec, mode, b.N) })
		}
	}
}

// sample is how far a training has come, and what that took.
type sample struct {
	steps, frames   int
	wall, processor time.Duration
	server          time.Duration // of processor
}

// per is what a step took from one sample to another.
func (s sample) per(to sample) (wall, processor float64) {
	n := float64(to.steps - s.steps)
	return (to.wall - s.wall).Seconds() / n, (to.processor - s.processor).Seconds() / n
}

// alternate trains for that many pairs of a second without the window and one with it.
func alternate(b *testing.B, spec models.Spec, mode string, pairs int) {
	g := open(b, gpu.Options{Context: "glfw"})
	server := xServer(b)
	r := training(b, g, spec, 1600, 1e6)
	r.Data.Validation = train.Set{}
	w, k := shown(b, g, r, "")
	if mode == "processor" {
		w.now = func() time.Time { return time.Unix(0, 0).Add(processorTime()) }
	}
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	start, began := time.Now(), w.now()
	var samples []sample
	var ends time.Time
	w.visit = func(m *gpu.Moment) time.Duration {
		now := w.now()
		if ends.IsZero() {
			ends = now.Add(time.Second)
		}
		if !now.Before(ends) {
			ends = now.Add(time.Second)
			x := serverTime(b, server)
			samples = append(samples, sample{steps(m, w.view), k.swaps, time.Since(start), processorTime() + x, x})
			if w.view.frames.at, w.view.looks.at = now, now; len(samples) > 2*pairs { // nothing is saved for this second
				cancel()
				return never
			}
		}
		pause := ends.Sub(now)
		if len(samples)%2 == 0 { // in the second before the first sample programs are compiled
			pause = min(pause, show(w.view, m, k, mode, len(samples) == 0))
		}
		if mode == "processor" { // of the clock's time, which may run faster or slower than time does
			pause = time.Duration(float64(pause) * time.Since(start).Seconds() / now.Sub(began).Seconds())
		}
		return pause
	}
	if _, err := train.Resume(ctx, *r); err != nil && !errors.Is(err, context.Canceled) {
		b.Fatal(err)
	}
	g.Visit(nil)
	for _, note := range w.Notes() {
		b.Error(note)
	}
	report(b, samples)
}

// show is a visit of a mode, or of the window.
func show(v *view, m *gpu.Moment, k *keyboard, mode string, whole bool) time.Duration {
	switch {
	case mode == "window" || whole:
		return v.visit(m)
	case mode == "processor":
		if early := v.due.Sub(v.now()); early > 0 {
			return early
		}
		return v.visit(m)
	case mode == "blank":
		k.Keys()
		k.Size()
		k.Swap()
	}
	return interval
}

// report gives the medians over the pairs. server-ms/frame is the X server's part of a frame,
// and extra-ms/frame all that the training's processor time grew by.
func report(b *testing.B, samples []sample) {
	metrics := map[string][]float64{}
	for i := 0; i+2 < len(samples); i += 2 {
		shown, end := samples[i+1], samples[i+2]
		wall, processor := samples[i].per(shown)
		wall2, processor2 := shown.per(end)
		frames := max(float64(end.frames-shown.frames), 1)
		for unit, v := range map[string]float64{
			"x-wall": wall2 / wall, "x-cpu": processor2 / processor, "frames/s": frames, "cpu-ms/step": 1000 * processor,
			"server-ms/frame": 1000 * (end.server - shown.server).Seconds() / frames,
			"extra-ms/frame":  1000 * (processor2 - processor) * float64(end.steps-shown.steps) / frames,
		} {
			metrics[unit] = append(metrics[unit], v)
		}
	}
	for unit, list := range metrics {
		slices.Sort(list)
		b.ReportMetric(list[len(list)/2], unit)
		b.Logf("%s %.3f", unit, list)
	}
	b.ReportMetric(0, "ns/op") // means nothing
}

// steps is how many steps the device has taken.
func steps(m *gpu.Moment, v *view) int {
	var clock [1]int32
	buffer, at, _ := m.Buffer(v.Clock)
	gl.BindBuffer(gl.COPY_READ_BUFFER, buffer)
	gl.GetBufferSubData(gl.COPY_READ_BUFFER, at, 4, gl.Ptr(&clock[0]))
	return int(clock[0])
}

// xServer is the process of the display's server.
func xServer(b *testing.B) int {
	number, _, _ := strings.Cut(strings.TrimPrefix(os.Getenv("DISPLAY"), ":"), ".")
	c, err := net.Dial("unix", filepath.Join("/tmp/.X11-unix", "X"+number))
	if err != nil {
		b.Skip("the X server is not on this machine: ", err)
	}
	defer c.Close()
	f, err := c.(*net.UnixConn).File()
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	peer, err := syscall.GetsockoptUcred(int(f.Fd()), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	if err != nil {
		b.Fatal(err)
	}
	return int(peer.Pid)
}

// processorTime is what all threads of this program have taken so far.
func processorTime() time.Duration {
	const ofProcess = 2 // CLOCK_PROCESS_CPUTIME_ID
	var t syscall.Timespec
	if _, _, err := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, ofProcess, uintptr(unsafe.Pointer(&t)), 0); err != 0 {
		panic(err)
	}
	return time.Duration(t.Nano())
}

// serverTime is what a process has taken so far.
func serverTime(b *testing.B, pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", pid))
	if err != nil {
		b.Fatal(err)
	}
	var ns int64
	if _, err := fmt.Sscan(string(text), &ns); err != nil {
		b.Fatal(err)
	}
	return time.Duration(ns)
}
