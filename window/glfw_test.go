//go:build cgo && glfw

package window

import (
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"glyph/gpu"
	"glyph/models"
	"glyph/train"
)

// keyboard is a surface whose keys a test presses, one before each frame.
type keyboard struct {
	gpu.Surface
	keys   []gpu.Key
	frames int
	closed bool
}

func (k *keyboard) Keys() []gpu.Key {
	k.Surface.Keys()
	k.frames++
	if len(k.keys) == 0 {
		return nil
	}
	key := k.keys[0]
	if k.keys = k.keys[1:]; key == 0 {
		return nil
	}
	return []gpu.Key{key}
}

func (k *keyboard) Hide() { k.closed = true; k.Surface.Hide() }

func shown(t testing.TB, b *gpu.Backend, r *train.Training, dir string) (*Window, *keyboard) {
	w, err := Open(b, Options{Title: "cnn on " + b.Device().Renderer, Classes: names(), Batch: r.Options.Batch, Epochs: r.Options.Epochs, Pictures: dir})
	if err != nil {
		t.Fatal(err)
	}
	k := &keyboard{}
	w.wrap = func(s gpu.Surface) gpu.Surface { k.Surface = s; return k }
	w.Follow(r)
	return w, k
}

var smallCNN = models.Spec{Model: "cnn", Filters: []int{4, 6}, Units: []int{12}}

// In a window on a display every key does what the help says, pictures are files, and
// closing the window lets the training go on, to the same bits as without one.
func TestWindow(t *testing.T) {
	b := open(t, gpu.Options{Context: "glfw"})
	want := weights(t, training(t, b, smallCNN, 160, 2))
	dir := t.TempDir()
	r := training(t, b, smallCNN, 160, 2)
	w, k := shown(t, b, r, dir)
	k.keys = []gpu.Key{' ', 0, gpu.KeyDown, gpu.KeyRight, 'G', 'H', 'P', 'H', 'P', 'N', 'N', 0, 'P', 'P', gpu.KeyLeft, gpu.KeyLeft, 'Q'}
	got := weights(t, r)
	if !slices.Equal(got, want) {
		t.Error("a training with a window has other weights")
	}
	if len(k.keys) > 0 || !k.closed {
		t.Errorf("%d keys are left after %d frames, and the window is closed: %v", len(k.keys), k.frames, k.closed)
	}
	if v := w.view; v.stage != 1 || !v.slopes || v.help || v.image != len(v.Labels)-1 || w.gate.isPaused() {
		t.Errorf("layer %d, gradients %v, help %v, image %d, paused %v", v.stage, v.slopes, v.help, v.image, w.gate.isPaused())
	}
	files, _ := filepath.Glob(filepath.Join(dir, "window-*.png"))
	if len(files) != 4 || len(w.Notes()) != 4 {
		t.Errorf("pictures are %q, and the window says %q", files, w.Notes())
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if img, err := png.Decode(f); err != nil || img.Bounds().Dx() < 640 {
			t.Errorf("%s: %v", name, err)
		}
		f.Close()
	}
}

// Ctrl-C ends a training that is paused.
func TestInterruptPaused(t *testing.T) {
	b := open(t, gpu.Options{Context: "glfw"})
	r := training(t, b, smallCNN, 160, 20)
	w, k := shown(t, b, r, "")
	k.keys = []gpu.Key{0, ' '}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	gate := r.Gate
	r.Gate = func(ctx context.Context, n int) int {
		if w.gate.isPaused() {
			cancel()
		}
		return gate(ctx, n)
	}
	result, err := train.Resume(ctx, *r)
	if err != nil || result.Stopped != train.Interrupted {
		t.Errorf("%v, stopped %q", err, result.Stopped)
	}
}

// BenchmarkWindow is a training with a window against one without, epoch by epoch in
// turn: x is the median of the ratios of the processor time that this program takes, which
// other programs on the machine disturb least. The window may raise it by 0.05.
//
//	xvfb-run -a go test -tags glfw ./window -run '^$' -bench . -benchtime 1x
func BenchmarkWindow(b *testing.B) {
	for _, c := range []struct {
		name string
		spec models.Spec
	}{
		{"mlp", models.Spec{Model: "mlp", Hidden: []int{64}}},
		{"cnn", models.Spec{Model: "cnn", Filters: []int{8, 16}, Units: []int{64}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			g := open(b, gpu.Options{Context: "glfw"})
			var ratios []float64
			frames, shownFor := 0, time.Duration(0)
			for range b.N {
				for i := range 9 {
					r := training(b, g, c.spec, 1600, 1)
					r.Data.Validation = train.Set{}
					took := func(r *train.Training) (wall, cpu time.Duration) {
						start := processorTime()
						result, err := train.Resume(b.Context(), *r)
						if err != nil {
							b.Fatal(err)
						}
						return result.Took, processorTime() - start
					}
					_, without := took(r)
					r = training(b, g, c.spec, 1600, 1)
					r.Data.Validation = train.Set{}
					w, k := shown(b, g, r, "")
					wall, with := took(r)
					g.Visit(nil)
					if len(w.Notes()) > 0 {
						b.Fatal(w.Notes())
					}
					if i > 0 { // programs are compiled in the first
						ratios = append(ratios, with.Seconds()/without.Seconds())
						frames, shownFor = frames+k.frames, shownFor+wall
					}
				}
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "x")
			b.ReportMetric(float64(frames)/shownFor.Seconds(), "frames/s")
			b.Log(fmt.Sprintf("ratios %.3f", ratios))
		})
	}
}

// processorTime is what all threads of the program have taken so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
