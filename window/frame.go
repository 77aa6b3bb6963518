//go:build cgo

package window

import (
	"time"

	"glyph/gpu"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// frame draws and shows what there is to show, if it is time to, and returns the pause that
// follows.
func (v *view) frame(m *gpu.Moment, s gpu.Surface, began time.Time) (pause time.Duration) {
	if v.complete != v.slopes {
		v.complete = v.slopes
		m.Complete(v.complete)
		if v.complete && !v.paused { // as the step before the next frame is
			return interval
		}
	}
	v.earn(began)
	v.stamp(0)
	var charged time.Duration
	var parts []rect // that were drawn, or nil for all
	drawn := true
	switch {
	case v.frames.credit < 0 && !v.paused:
		drawn = false
	case v.dirty || !v.clock.software || !v.marked():
		v.paint()
		v.dirty, v.urgent = false, nil
	case v.paused:
		v.whilePaused()
	default:
		charged, parts = v.some()
		drawn = len(parts) > 0
	}
	v.stamp(1)
	if drawn {
		v.mark()
		v.present(s, parts)
	}
	took := v.clock.since(began)
	now := v.now()
	v.meter.frame(now, drawn, took)
	switch {
	case v.paused: // there is nothing to slow down
		return interval
	case !v.opened: // programs were compiled, once
		v.opened = true
		v.earn(now)
	default:
		rest := took - charged
		if drawn && v.clock.software {
			rest += after
		}
		v.ended(rest, drawn)
	}
	if v.slopes { // the step before a frame takes longer: see gpu.Moment.Complete
		return min(v.pause(now, slower), longest)
	}
	return min(v.pause(now, interval), longest)
}

// some draws the panels whose turn it is.
func (v *view) some() (took time.Duration, parts []rect) {
	v.begin()
	v.follow(v.canvas, v.m, false)
	if !v.help && v.mayLook() {
		took = v.timed(func() { v.look(v.canvas, v.m) })
		v.looked(took)
		v.begin()
	}
	took += v.take(func(which int) (took time.Duration, drawn bool) {
		if v.help && which != headPanel && which != footPanel {
			return 0, false
		}
		var r rect
		took = v.timed(func() { r = v.one(which) })
		if drawn = r.w > 0; drawn {
			parts = append(parts, r)
		}
		return took, drawn
	})
	return took, parts
}

// present shows what was drawn: these parts, or everything if there are none.
func (v *view) present(s gpu.Surface, parts []rect) {
	for _, r := range parts {
		if !s.Part(int(r.x), v.canvas.h-int(r.y+r.h), int(r.w), int(r.h)) {
			parts = nil
			break
		}
	}
	if parts == nil {
		s.Swap()
	}
}

// timed is what f takes on software.
func (v *view) timed(f func()) time.Duration {
	began := v.now()
	f()
	return v.clock.since(began)
}

// whilePaused draws all panels if something has changed.
func (v *view) whilePaused() {
	step := v.state.now().Step
	if step == v.step && len(v.urgent) == 0 {
		return
	}
	v.step, v.urgent = step, nil
	v.everything()
}

// paint draws the whole window.
func (v *view) paint() {
	v.begin()
	v.forgetAll()
	v.clear(v.canvas.all(), ground)
	v.everything()
}

// everything draws all panels, or the help in their place.
func (v *view) everything() {
	v.look(v.canvas, v.m)
	v.another = false
	v.begin()
	if v.help {
		v.follow(v.canvas, v.m, false) // before the log has forgotten
		v.one(headPanel)
		v.one(footPanel)
		top := v.areas[lossPanel]
		v.helpPage(rect{top.x, top.y, float32(v.canvas.w) - 2*top.x, v.areas[footPanel].y - top.y})
		return
	}
	for i := range panels {
		v.one(i)
		v.stale[i] = false
	}
}

// one draws a panel, and returns where.
func (v *view) one(which int) rect {
	if which == lossPanel || which == accuracyPanel {
		v.follow(v.canvas, v.m, true)
	}
	return v.draw(which, v.areas[which])
}

// A frame leaves a mark in the lower left pixel of the window, a dark blue that no eye sees.
// If it is still there at the next frame, what was drawn is too: nothing else says so.
// Windows that change their size lose what was drawn, and some systems draw into several
// buffers in turn. No mark is black, as a new buffer may be.
const marks, markStep = 4, 16

// mark leaves the mark.
func (v *view) mark() {
	if v.clock.software {
		v.marker = v.marker%marks + 1
		v.clear(rect{0, float32(v.canvas.h) - 1, 1, 1}, colour{0, 0, float32(v.marker*markStep) / 255})
	}
}

// marked reports whether the mark is there.
func (v *view) marked() bool {
	var pixel [4]uint8
	gl.ReadPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, gl.Ptr(&pixel[0]))
	d := int(pixel[2]) - v.marker*markStep
	return pixel[0] < markStep/2 && d > -markStep/2 && d < markStep/2
}
