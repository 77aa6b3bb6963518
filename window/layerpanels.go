//go:build cgo

package window

import (
	"strconv"
	"strings"

	"glyph"
)

// layers draws every layer in a row: its name, its output and its gradient. The chosen one
// is marked; of many layers those around it are shown.
func (p *picture) layers(r rect) {
	inner := p.title(r, "Through the layers", "output; gradient of the loss")
	rows := min(len(p.shown), max(int(inner.h/p.u(46)), 1))
	from := min(max(p.stage-rows/2, 0), len(p.shown)-rows)
	row := min(inner.h/float32(rows), p.u(72))
	names := p.u(122)
	for i := from; i < from+rows; i++ {
		s := p.Net.Stages()[p.shown[i]]
		at := rect{inner.x, inner.y + float32(i-from)*row, inner.w, row - p.u(6)}
		if i == p.stage {
			p.fill(at.in(-p.u(8), -p.u(2), -p.u(8), -p.u(2)), groove)
		}
		paint := dim
		if i == p.stage {
			paint = text
		}
		p.write(at.x, at.y+at.h/2-p.atlas.height[regular], regular, paint, p.atlas.clipped(regular, s.Name, names-p.u(6)))
		p.write(at.x, at.y+at.h/2, regular, dim, by(s.Out))
		half := (at.w - names - p.u(12)) / 2
		p.tensor(p.probe.Output(p.shown[i]), rect{at.x + names, at.y, half, at.h}, outputRange(i), false)
		if g := p.probe.Gradient(p.shown[i]); !g.IsZero() {
			p.tensor(g, rect{at.x + names + half + p.u(12), at.y, half, at.h}, gradientRange(i), false)
		}
	}
}

// by is a shape as 14×14×32.
func by(s glyph.Shape) string {
	var parts []string
	for _, d := range s[:s.Rank()] {
		parts = append(parts, strconv.Itoa(d))
	}
	return strings.Join(parts, "×")
}

// stageOutput draws the chosen layer's output or its gradient.
func (p *picture) stageOutput(r rect, gradient bool) {
	i := p.shown[p.stage]
	s := p.Net.Stages()[i]
	t, name, index := p.probe.Output(i), "Output of "+s.Name, outputRange(p.stage)
	if gradient {
		t, name, index = p.probe.Gradient(i), "Its gradient", gradientRange(p.stage)
	}
	inner := p.title(r, name, "")
	p.scaleBar(r, p.ranges, index)
	if t.IsZero() {
		p.write(inner.x, inner.y, regular, dim, "no gradient is computed here")
		return
	}
	shown := p.tensor(t, inner, index, false)
	p.fewer(inner, shown.shown, t.Size()/max(t.Shape[1]*t.Shape[2]*number(t.Shape.Rank() == 4), 1))
}
