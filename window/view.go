//go:build cgo

package window

import (
	"fmt"
	"time"

	"glyph/gpu"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// view is the window, on the backend's thread.
type view struct {
	w *Window
	picture
	turns
	clock

	w0, h0   int // the size of the last frame
	areas    [panels]rect
	opened   bool      // there was a frame
	dirty    bool      // all panels have to be drawn
	complete bool      // steps before a frame leave the gradients of weights
	step     int       // that was drawn while paused
	marker   int       // see mark
	stepped  time.Time // a step was timed
}

const (
	never   = -1               // the pause that ends the visits
	longest = time.Second / 2  // until keys are looked at again
	slower  = time.Second / 10 // between frames that show gradients of weights
)

// visit is a frame. Nothing that goes wrong here may end the training: it ends the window.
func (v *view) visit(m *gpu.Moment) (pause time.Duration) {
	defer func() {
		if p := recover(); p != nil {
			v.w.tell(fmt.Sprintf("the window ended: %v", p))
			pause = v.end(m)
		}
	}()
	if err := v.prepare(m); err != nil {
		v.w.tell(fmt.Sprintf("the window ended: %v", err))
		return v.end(m)
	}
	began := v.now()
	s := v.surface(m)
	for _, k := range s.Keys() {
		if v.press(k) {
			return v.end(m)
		}
	}
	if s.Closed() {
		return v.end(m)
	}
	w, h, _ := s.Size()
	if w < 1 || h < 1 { // an icon
		v.follow(v.canvas, m, false)
		return interval
	}
	gl.BindFramebuffer(gl.FRAMEBUFFER, 0)
	if err := v.resize(w, h); err != nil {
		v.w.tell(fmt.Sprintf("the window ended: %v", err))
		return v.end(m)
	}
	v.paused = v.w.gate.isPaused()
	v.timeKernels(m)
	return v.frame(m, s, began)
}

func (v *view) surface(m *gpu.Moment) gpu.Surface {
	if v.w.wrap != nil {
		return v.w.wrap(m.Surface())
	}
	return m.Surface()
}

// prepare makes everything that is drawn with, once.
func (v *view) prepare(m *gpu.Moment) (err error) {
	v.m = m
	if v.canvas != nil {
		return nil
	}
	if v.canvas, err = newCanvas(v.w.b.Software()); err != nil {
		return err
	}
	v.allocate(m)
	m.Complete(v.complete)
	v.turns, v.clock = newTurns(), newClock(v.w.b.Software(), v.w.now)
	if s := m.Surface(); s != nil {
		s.Show("Glyph: "+v.o.Title, designW, designH)
	}
	return nil
}

// resize lays the panels out.
func (v *view) resize(w, h int) error {
	if w == v.w0 && h == v.h0 {
		return nil
	}
	v.w0, v.h0, v.dirty = w, h, true
	if err := v.size(w, h); err != nil {
		return err
	}
	v.areas = layOut(w, h, v.scale)
	return nil
}

// timeKernels has a step timed each second.
func (v *view) timeKernels(m *gpu.Moment) {
	if times := m.Times(); ofStep(times) {
		v.kernels = append(v.kernels[:0], times...)
	}
	if now := v.now(); now.Sub(v.stepped) >= time.Second {
		m.TimeStep()
		v.stepped = now
	}
}

// end hides the window and lets the training go on.
func (v *view) end(m *gpu.Moment) time.Duration {
	v.w.gate.open()
	if s := v.surface(m); s != nil {
		s.Hide()
	}
	v.scene.free()
	return never
}
