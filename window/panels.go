//go:build cgo

package window

import (
	"math"

	"glyph"
	"glyph/gpu"
)

// picture is everything that a frame is drawn from.
type picture struct {
	*canvas
	*scene
	m       *gpu.Moment
	o       Options
	state   *state
	kernels []glyph.KernelTime
	pace    pace
	paused  bool
	help    bool
	note    string
}

// draw draws one panel.
func (p *picture) draw(which int, r rect) {
	switch which {
	case headPanel:
		p.head(r)
	case footPanel:
		p.foot(r)
	case lossPanel, accuracyPanel:
		p.curves(r, which == lossPanel)
	case kernelPanel:
		p.times(r)
	case imagePanel:
		p.chosen(r)
	case layersPanel:
		p.layers(r)
	case firstPanel:
		p.firstFilters(r)
	case outputPanel, gradientPanel:
		p.stageOutput(r, which == gradientPanel)
	case weightsPanel:
		p.parameters(r)
	case histogramPanel:
		p.histogramOf(r)
	}
	p.flush(r)
}

// u is a length in pixels.
func (p *picture) u(v float32) float32 { return float32(math.Round(float64(v * p.scale))) }

// title clears a panel, writes its title and, to the right, a note, and returns what is
// left of it.
func (p *picture) title(r rect, name, note string) rect {
	p.fill(r, panel)
	p.write(r.x+p.u(14), r.y+p.u(10), strong, text, p.atlas.clipped(strong, name, r.w-p.u(28)))
	free := r.w - p.u(40) - p.atlas.width(strong, name)
	if note != "" && free > p.u(20) {
		p.writeRight(r.x+r.w-p.u(14), r.y+p.u(11), regular, dim, p.atlas.clipped(regular, note, free))
	}
	return r.in(p.u(14), p.u(36), p.u(14), p.u(14))
}
