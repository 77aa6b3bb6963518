//go:build cgo

package window

import (
	"slices"

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
	meter   meter
	paused  bool
	help    bool
	note    string
	still   [panels][]float32 // what stands still in each panel, as it was drawn
}

// draw draws a panel, and of what stands still in it only what has changed. It returns
// where it has drawn, which is within the panel and the window.
func (p *picture) draw(which int, r rect) (drawn rect) {
	area := r.within(p.all())
	p.bounds = area
	defer func() { p.bounds = p.all() }()
	p.queue, p.later = p.queue[:0], p.later[:0]
	ground := p.ask(which, r)
	if old := p.still[which]; !slices.Equal(p.queue, old) {
		if drawn = area; len(old) > 0 {
			drawn = damage(old, p.queue).within(area)
		}
		p.still[which] = append(old[:0], p.queue...)
		p.clear(drawn, ground)
		p.flush(drawn)
	}
	p.queue = p.queue[:0]
	for _, l := range p.later {
		l.draw()
		drawn = drawn.with(l.rect.within(area))
	}
	return drawn
}

// ask has a panel say what is to be drawn, and on which ground.
func (p *picture) ask(which int, r rect) (on colour) {
	switch which {
	case headPanel:
		p.head(r)
		return ground
	case footPanel:
		p.foot(r)
		return ground
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
	return panel
}

// forget has these panels drawn anew.
func (p *picture) forget(which ...int) {
	for _, i := range which {
		p.still[i] = p.still[i][:0]
	}
}

func (p *picture) forgetAll() {
	for i := range p.still {
		p.forget(i)
	}
}

// title writes a panel's title and, to the right, a note, and returns what is left of it.
func (p *picture) title(r rect, name, note string) rect {
	p.write(r.x+p.u(14), r.y+p.u(10), strong, text, p.atlas.clipped(strong, name, r.w-p.u(28)))
	free := r.w - p.u(40) - p.atlas.width(strong, name)
	if note != "" && free > p.u(20) {
		p.writeRight(r.x+r.w-p.u(14), r.y+p.u(11), regular, dim, p.atlas.clipped(regular, note, free))
	}
	return r.in(p.u(14), p.u(36), p.u(14), p.u(14))
}
