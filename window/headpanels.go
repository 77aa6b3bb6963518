//go:build cgo

package window

import (
	"fmt"
	"strings"

	"glyph/internal/message"
)

func (p *picture) head(r rect) {
	p.write(r.x+p.u(16), r.y+p.u(14), large, text, "Glyph")
	x := r.x + p.u(16) + p.atlas.width(large, "Glyph") + p.u(14)
	s := p.state.now()
	parts := []string{}
	if p.paused {
		parts = append(parts, "paused at step "+message.Thousands(s.Step))
	} else {
		parts = append(parts, "step "+message.Thousands(s.Step))
	}
	if s.Epochs > 0 {
		parts = append([]string{fmt.Sprintf("epoch %d of %d", s.Epoch, s.Epochs)}, parts...)
		parts = append(parts, fmt.Sprintf("loss %.4f", s.Loss), fmt.Sprintf("accuracy %.1f %%", 100*s.Accuracy), message.Thousands(int(s.ImagesPerSecond))+" images/s")
	}
	right := strings.Join(parts, "   ")
	colour := text
	if p.paused {
		colour = orange
	}
	at := r.x + r.w - p.u(16)
	p.writeRight(at, r.y+p.u(18), regular, colour, right)
	p.write(x, r.y+p.u(18), regular, dim, p.atlas.clipped(regular, p.o.Title, at-x-p.atlas.width(regular, right)-p.u(20)))
}

func (p *picture) foot(r rect) {
	x := r.x + p.u(16)
	for _, k := range keyHelp {
		p.write(x, r.y+p.u(9), strong, text, k.key)
		x += p.atlas.width(strong, k.key) + p.u(6)
		p.write(x, r.y+p.u(10), regular, dim, k.short)
		x += p.atlas.width(regular, k.short) + p.u(18)
	}
	note := p.note
	if note == "" {
		note = p.meter.String()
	}
	p.writeRight(r.x+r.w-p.u(16), r.y+p.u(10), regular, dim, p.atlas.clipped(regular, note, r.x+r.w-p.u(16)-x))
}
