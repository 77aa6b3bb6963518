//go:build cgo && glfw

package window

import (
	"context"
	"testing"
	"time"

	"glyph/gpu"
	"glyph/models"
	"glyph/train"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// trained trains a small network in a window until what prepare sets calls cancel.
func trained(t *testing.T, prepare func(w *Window, k *keyboard, cancel func())) (*Window, *keyboard) {
	t.Helper()
	b := open(t, gpu.Options{Context: "glfw"})
	r := training(t, b, models.Spec{Model: "mlp", Hidden: []int{12}}, 160, 1000)
	w, k := shown(t, b, r, "")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	prepare(w, k, cancel)
	if _, err := train.Resume(ctx, *r); err != nil {
		t.Fatal(err)
	}
	b.Visit(nil) // ends the visits, which write what the test reads
	return w, k
}

// Where each frame begins on a new buffer, black all over, every frame draws all panels.
func TestNewBuffers(t *testing.T) {
	w, k := trained(t, func(w *Window, k *keyboard, cancel func()) {
		k.swapping = func() {
			gl.Disable(gl.SCISSOR_TEST)
			gl.ClearColor(0, 0, 0, 1)
			gl.Clear(gl.COLOR_BUFFER_BIT)
		}
		k.before = func() {
			w.view.frames.credit, w.view.looks.credit = time.Second, time.Second
			if k.frames == 12 {
				cancel()
			}
		}
	})
	if k.parts > 0 || k.swaps < 10 || len(w.Notes()) > 0 {
		t.Errorf("of %d frames, %d were swapped, frame %d is drawn in parts, and the window says %q", k.frames, k.swaps, k.parts, w.Notes())
	}
}

// The curves go on while the window is an icon.
func TestIcon(t *testing.T) {
	var next [1]int32
	_, k := trained(t, func(w *Window, k *keyboard, cancel func()) {
		k.icon = true
		k.before = func() {
			gl.BindBuffer(gl.COPY_READ_BUFFER, w.view.scene.next)
			gl.GetBufferSubData(gl.COPY_READ_BUFFER, 0, 4, gl.Ptr(&next[0]))
			if next[0] > 0 || k.frames == 100 {
				cancel()
			}
		}
	})
	if next[0] == 0 || k.swaps > 0 {
		t.Errorf("%d steps are in the curves after %d frames, and %d were shown", next[0], k.frames, k.swaps)
	}
}

// In a window that is too narrow for the texts, what is shown in parts is within it.
func TestNarrowWindow(t *testing.T) {
	w, k := trained(t, func(w *Window, k *keyboard, cancel func()) {
		k.before = func() {
			w.view.frames.credit, w.view.looks.credit = time.Second, time.Second
			if k.frames == 2 {
				k.Surface.Show("narrow", 200, 600)
			}
			if k.frames == 30 {
				cancel()
			}
		}
	})
	if k.beyond > 0 || k.parts < 20 || len(w.Notes()) > 0 {
		t.Errorf("%d parts are beyond the window, frame %d of %d is drawn in parts, and the window says %q", k.beyond, k.parts, k.frames, w.Notes())
	}
}
