//go:build cgo

package window

import (
	"fmt"

	"glyph"
	"glyph/internal/message"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// firstFilters draws the weights of the first layer that has any.
func (p *picture) firstFilters(r rect) {
	stage := p.first()
	t, name := p.parameter(stage)
	inner := p.title(r, "First layer", name)
	buffer, base := p.measure(p.canvas, p.m, t, 0)
	p.filters(stage, t, buffer, base, 0, inner)
}

// parameters draws the chosen layer's weights.
func (p *picture) parameters(r rect) {
	stage := p.shown[p.stage]
	t, name := p.parameter(stage)
	if t.IsZero() {
		inner := p.title(r, "Weights", "")
		p.write(inner.x, inner.y, regular, dim, p.Net.Stages()[stage].Name+" has no weights")
		return
	}
	if p.slopes {
		name = "Gradient of " + name
	}
	inner := p.title(r, name, "")
	buffer, base := p.measure(p.canvas, p.m, t, 1)
	p.scaleBar(r, p.weightRanges, 1)
	p.filters(stage, t, buffer, base, 1, inner)
}

// filters draws a layer's weights as tiles: the filters of a convolution by input channel,
// the inputs of the first dense layer's units as images, and else a matrix.
func (p *picture) filters(stage int, t glyph.Tensor, buffer uint32, base, index int, inner rect) {
	sample := p.Net.Input(1).Shape.Sample()
	s := t.Shape
	switch {
	case s.Rank() == 4:
		n, c := s[0]*s[3], s[3]
		got := p.tiles(buffer, p.weightRanges, base, index, s[2], s[1], n, c, [4]int{s[1] * s[2] * c, 1, s[2] * c, c}, inner, false)
		p.fewer(inner, got.shown, n)
	case s.Rank() == 2 && s[1] == sample.Size() && stage == p.first():
		got := p.tiles(buffer, p.weightRanges, base, index, sample[1], sample[0], s[0], 1, [4]int{s[1], 0, sample[1] * sample[2], sample[2]}, inner, false)
		p.fewer(inner, got.shown, s[0])
	case s.Rank() == 2:
		p.tiles(buffer, p.weightRanges, base, index, s[1], s[0], 1, 1, [4]int{0, 0, s[1], 1}, inner, false)
	default:
		p.tiles(buffer, p.weightRanges, base, index, 1, 1, s.Size(), s.Size(), [4]int{0, 1, 0, 0}, inner, false)
	}
}

// histogramOf draws the distribution of the chosen layer's weights, over the range that the
// panel above it has measured.
func (p *picture) histogramOf(r rect) {
	t, _ := p.parameter(p.shown[p.stage])
	note := ""
	if !t.IsZero() {
		note = message.Count(t.Size(), "number")
		if n := every(t.Size()); n > 1 {
			note = fmt.Sprintf("1 in %d of %s", n, note)
		}
	}
	inner := p.title(r, "Histogram", note)
	if t.IsZero() {
		return
	}
	buffer, base := where(p.m, t)
	p.count(p.canvas, buffer, base, t.Size(), 1)
	area := inner.in(0, 0, 0, p.u(16))
	b := p.bars
	p.live(area, func() {
		b.use()
		storage(p.counts)
		b.ints("bins", bins)
		b.colour("ground", panel)
		gl.BindTexture(gl.TEXTURE_2D, p.colours)
		p.quad(b, area, p.empty)
	})
	y := area.y + area.h + p.u(2)
	p.fill(rect{area.x, area.y + area.h, area.w, max(p.u(1), 1)}, groove)
	p.magnitude(area.x, y, dim, p.weightRanges, 1, minus)
	p.write(area.x+area.w/2-p.u(3), y, regular, dim, "0")
	p.magnitude(area.x+area.w-7*p.atlas.glyphs[mono]['0'].advance, y, dim, p.weightRanges, 1, none)
}
