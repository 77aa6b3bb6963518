//go:build cgo

package window

import (
	"fmt"
	"strconv"

	"glyph/internal/message"
)

// chosen draws the image, what matters in it, and the probabilities of the classes.
func (p *picture) chosen(r rect) {
	label := int(p.Labels[p.image])
	inner := p.title(r, fmt.Sprintf("Image %s: %s", message.Thousands(p.image+1), p.class(label)), "gradient of the image; probabilities")
	side := min(inner.h, inner.w*0.3)
	p.tensor(p.probe.Input(), rect{inner.x, inner.y, side, inner.h}, 0, true)
	p.tensor(p.probe.InputGradient(), rect{inner.x + side + p.u(12), inner.y, side, inner.h}, 1, false)
	classes := p.Net.Classes()
	x := inner.x + 2*side + p.u(28)
	names := float32(0)
	row := inner.h / float32(classes)
	if row >= p.atlas.height[regular]*0.72 {
		for c := range classes {
			names = max(names, p.atlas.width(regular, p.class(c)))
		}
		names = min(names, p.u(80))
		for c := range classes {
			paint := dim
			if c == label {
				paint = orange
			}
			p.writeRight(x+names, inner.y+(float32(c)+0.5)*row-p.atlas.height[regular]/2, regular, paint, p.atlas.clipped(regular, p.class(c), names))
		}
		names += p.u(8)
	}
	b, area := p.chances, rect{x + names, inner.y, inner.x + inner.w - x - names, inner.h}
	p.live(area, func() {
		b.use()
		arena, base := where(p.m, p.probe.Gradient(len(p.Net.Stages())-1))
		target, at := where(p.m, p.target)
		storage(arena, target)
		b.ints("base", base)
		b.ints("target_at", at)
		b.ints("classes", classes)
		b.colour("ground", panel)
		b.colour("groove", groove)
		b.colour("bar", blue)
		b.colour("right", orange)
		p.quad(b, area, p.empty)
	})
}

// class is the name of a class.
func (p *picture) class(label int) string {
	if label < len(p.o.Classes) {
		return p.o.Classes[label]
	}
	return strconv.Itoa(label)
}
