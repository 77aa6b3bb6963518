//go:build cgo

package window

import (
	"fmt"
	"math"

	"glyph"
	"glyph/internal/message"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// tensor draws an output or a gradient of the probe as tiles, a channel each, and says
// how many of them there was room for.
func (p *picture) tensor(t glyph.Tensor, into rect, index int, grey bool) tiling {
	arena, base := where(p.m, t)
	w, h, channels := 1, 1, t.Size()
	if t.Shape.Rank() == 4 {
		h, w, channels = t.Shape[1], t.Shape[2], t.Shape[3]
	}
	strides := [4]int{0, 1, w * channels, channels}
	return p.tiles(arena, p.ranges, base, index, w, h, channels, channels, strides, into, grey)
}

// tiles draws n tiles of w by h elements.
func (p *picture) tiles(buffer, ranges uint32, base, index, w, h, n, inner int, strides [4]int, into rect, grey bool) tiling {
	t := tile(n, w, h, into, p.scale)
	m, taps := p.mosaic, 0
	if t.scale < 1 {
		m, taps = p.mean, min(int(math.Ceil(1/float64(t.scale))), p.taps)
	}
	area := rect{into.x, into.y, min(t.width, into.w), min(t.height, into.h)}
	p.live(area, func() {
		m.use()
		storage(buffer)
		m.ints("base", base)
		m.ints("inner", max(inner, 1))
		m.ints("tiles", t.shown)
		m.ints("columns", t.columns)
		m.ints("row", number(grey))
		m.ints("size", w, h)
		m.ints("strides", strides[0], strides[1], strides[2], strides[3])
		if taps > 0 {
			m.ints("taps", taps)
		}
		m.floats("pitch", float32(w)*t.scale+t.gap, float32(h)*t.scale+t.gap)
		m.floats("elements", 1/t.scale)
		m.colour("ground", panel)
		gl.BindTexture(gl.TEXTURE_2D, p.colours)
		p.rangeOf(ranges, index)
		p.quad(m, area, p.ranged)
	})
	return t
}

// fewer says that there was no room for all tiles.
func (p *picture) fewer(inner rect, shown, of int) {
	if shown < of {
		p.writeRight(inner.x+inner.w, inner.y+inner.h-p.u(4), regular, dim, fmt.Sprintf("%s of %s", message.Thousands(shown), message.Thousands(of)))
	}
}

// scaleBar draws the colours from −m to m, and the m of a range, in the corner of a title.
func (p *picture) scaleBar(r rect, ranges uint32, index int) {
	wide := p.atlas.glyphs[mono]['0'].advance
	right := r.x + r.w - p.u(14) - 8*wide
	p.magnitude(right, r.y+p.u(11), dim, ranges, index, both)
	bar := rect{right - p.u(78), r.y + p.u(14), p.u(70), p.u(8)}
	const steps = 35
	for i := range steps {
		p.fill(rect{bar.x + bar.w*float32(i)/steps, bar.y, bar.w/steps + 1, bar.h}, signed(2*(float64(i)+0.5)/steps-1))
	}
}
