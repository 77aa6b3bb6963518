//go:build cgo

package window

import (
	"fmt"
	"time"

	"glyph/gpu"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// view draws frames, on the backend's thread.
type view struct {
	w *Window
	picture

	w0, h0   int // the size of the last frame
	areas    [panels]rect
	next     int   // the panel that is the oldest
	urgent   []int // panels that come first
	kept     bool  // what was drawn stays from frame to frame
	dirty    bool  // all panels have to be drawn
	timed    time.Time
	queries  [2]uint32
	asked    int // queries of a frame that are under way
	onDevice time.Duration
}

// never is the pause that ends the visits, and longest the longest between two frames.
const (
	never   = -1
	longest = time.Second / 2
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
	began := time.Now()
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
		return interval
	}
	gl.BindFramebuffer(gl.FRAMEBUFFER, 0)
	if err := v.resize(w, h); err != nil {
		v.w.tell(fmt.Sprintf("the window ended: %v", err))
		return v.end(m)
	}
	v.paused = v.w.gate.isPaused()
	v.clock(0)
	v.frame(m, began)
	v.clock(1)
	s.Swap()
	pause = v.pace.frame(began, v.cost(began))
	if v.paused { // there is nothing to slow down
		return interval
	}
	return min(pause, longest)
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
	if v.canvas, err = newCanvas(); err != nil {
		return err
	}
	v.allocate(m)
	gl.GenQueries(2, &v.queries[0])
	if s := m.Surface(); s != nil {
		s.Show("Glyph: "+v.o.Title, designW, designH)
		v.kept = v.w.b.Software() && stays(s)
	}
	return nil
}

// stays finds out whether what was drawn is still there after it was shown.
func stays(s gpu.Surface) bool {
	gl.BindFramebuffer(gl.FRAMEBUFFER, 0)
	gl.Disable(gl.SCISSOR_TEST)
	var pixel [4]uint8
	for _, c := range []float32{0.2, 0.6} {
		gl.ClearColor(c, c, c, 1)
		gl.Clear(gl.COLOR_BUFFER_BIT)
		s.Swap()
		gl.ReadPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, gl.Ptr(&pixel[0]))
		if d := float32(pixel[0])/255 - c; d < -0.02 || d > 0.02 {
			return false
		}
	}
	return true
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

// frame draws all panels, or those that are oldest while there is time.
func (v *view) frame(m *gpu.Moment, began time.Time) {
	if times := m.Times(); ofStep(times) {
		v.kernels = append(v.kernels[:0], times...)
	}
	if time.Since(v.timed) >= time.Second {
		m.TimeStep()
		v.timed = time.Now()
	}
	if !v.kept {
		v.paint()
		return
	}
	if v.dirty || v.paused && len(v.urgent) > 0 {
		v.dirty, v.urgent = false, nil
		v.paint()
		return
	}
	v.begin()
	for first := true; first || time.Since(began) < v.pace.budget()*3/4; first = false {
		which := v.oldest()
		switch {
		case v.help && which != headPanel && which != footPanel:
			continue
		case which == lossPanel, which == accuracyPanel:
			v.follow(v.canvas, m, true)
		case which == imagePanel:
			v.look(v.canvas, m)
		}
		v.one(which)
		gl.Finish()
	}
	v.follow(v.canvas, m, false)
}

// oldest is the panel to draw next.
func (v *view) oldest() (which int) {
	if len(v.urgent) > 0 {
		which, v.urgent = v.urgent[0], v.urgent[1:]
		return which
	}
	which, v.next = v.next, (v.next+1)%panels
	return which
}

// one draws a panel.
func (v *view) one(which int) { v.draw(which, v.areas[which]) }

// paint draws the whole window.
func (v *view) paint() {
	v.follow(v.canvas, v.m, true)
	v.look(v.canvas, v.m)
	v.begin()
	v.fill(rect{0, 0, float32(v.canvas.w), float32(v.canvas.h)}, ground)
	if v.help {
		v.one(headPanel)
		v.one(footPanel)
		top := v.areas[lossPanel]
		v.helpPage(rect{top.x, top.y, float32(v.canvas.w) - 2*top.x, v.areas[footPanel].y - top.y})
		return
	}
	for i := range panels {
		v.one(i)
	}
}

// clock notes the device's time before and after a frame, and reads that of an earlier
// one once it can be had without waiting. What computes on the processor needs no such
// clock.
func (v *view) clock(i int) {
	if v.w.b.Software() {
		return
	}
	if v.asked == 2 && i == 0 {
		var there int32
		var times [2]uint64
		if gl.GetQueryObjectiv(v.queries[1], gl.QUERY_RESULT_AVAILABLE, &there); there == gl.FALSE {
			return
		}
		for j := range times {
			gl.GetQueryObjectui64v(v.queries[j], gl.QUERY_RESULT, &times[j])
		}
		v.onDevice, v.asked = time.Duration(times[1]-times[0]), 0
	}
	if v.asked == i {
		gl.QueryCounter(v.queries[i], gl.TIMESTAMP)
		v.asked++
	}
}

// cost is how long a frame has taken, on the processor or, as far as is known, on the
// device.
func (v *view) cost(began time.Time) time.Duration {
	if v.w.b.Software() {
		gl.Finish()
		return time.Since(began)
	}
	return max(time.Since(began), v.onDevice)
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
