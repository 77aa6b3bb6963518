//go:build cgo

package window

import (
	"fmt"
	"math"
	"strconv"
)

// curves draws the losses or the accuracies.
func (p *picture) curves(r rect, losses bool) {
	s := p.state.now()
	name, first := "Accuracy", 2*points
	if losses {
		name, first = "Loss", 0
	}
	inner := p.title(r, name, "steps, smoothed; validation")
	a := axes{rect: inner.in(p.u(40), p.u(2), p.u(4), p.u(20)), right: float32(horizon(s.Step, p.total)), low: 0, high: 1}
	if losses {
		a.logarithmic = true
		a.low, a.high = float32(max(s.Low*0.6, 1e-6)), float32(max(s.High*1.25, 1e-5))
	} else {
		a.low = float32(min(math.Floor(10*s.Worst)/10, 0.9))
	}
	var lines []float32
	for _, v := range ticks(float64(a.low), float64(a.high), a.logarithmic) {
		y := a.at(v)
		lines = append(lines, y)
		label := strconv.FormatFloat(v, 'g', 3, 64)
		if !losses {
			label = fmt.Sprintf("%.0f %%", 100*v)
		}
		p.writeRight(a.x-p.u(6), y-p.atlas.height[regular]/2, regular, dim, label)
	}
	epochs := float64(a.right) / float64(p.Steps)
	for _, v := range ticks(0, epochs, false) {
		x := a.x + float32(v/epochs)*a.w
		label := strconv.FormatFloat(v, 'g', 3, 64)
		if v == 0 {
			label = "0 epochs"
			p.write(x, a.y+a.h+p.u(4), regular, dim, label)
			continue
		}
		p.write(min(x-p.atlas.width(regular, label)/2, a.x+a.w-p.atlas.width(regular, label)), a.y+a.h+p.u(4), regular, dim, label)
	}
	p.live(a.rect, func() {
		p.clear(a.rect, panel)
		for _, y := range lines {
			p.fill(rect{a.x, y, a.w, max(p.u(1), 1)}, groove)
		}
		p.flush(a.rect)
		p.strip(a, p.points, first, points, p.scale, blue, 0.35)
		p.strip(a, p.points, first+points, points, 2*p.scale, blue, 1)
		for _, v := range s.Points {
			y := v.accuracy
			if losses {
				y = v.loss
			}
			p.dot(a, v.step, y, 6*p.scale, orange)
		}
	})
}
