//go:build cgo

package window

import (
	"math"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// canvas draws into the framebuffer that is bound.
type canvas struct {
	w, h   int
	scale  float32 // pixels a unit
	bounds rect    // of what is drawn: the window, or a panel
	atlas  *atlas
	taps   int // that a pixel takes at most, in a row, of more elements

	mosaic, mean, bars, chances, line, ink, number, ranger, histogram, history, curve *program

	empty, ranged, lines, inks uint32 // vertex arrays
	instances                  uint32 // a buffer of rectangles and letters
	dots                       uint32 // points of the host
	colours                    uint32
	queue                      []float32 // rectangles and letters: see fill and write
	later                      []part    // see live
}

func newCanvas(software bool) (*canvas, error) {
	c := &canvas{taps: 4}
	if software {
		c.taps = 2
	}
	for _, p := range []struct {
		to    **program
		files []string
	}{
		{&c.mosaic, []string{"mosaic.vert", "mosaic.frag"}}, {&c.mean, []string{"mosaic.vert", "mean.frag"}},
		{&c.bars, []string{"quad.vert", "bars.frag"}}, {&c.chances, []string{"quad.vert", "chances.frag"}},
		{&c.line, []string{"line.vert", "line.frag"}}, {&c.ink, []string{"ink.vert", "ink.frag"}},
		{&c.number, []string{"number.vert", "number.frag"}}, {&c.ranger, []string{"range.comp"}},
		{&c.histogram, []string{"histogram.comp"}}, {&c.history, []string{"history.comp"}}, {&c.curve, []string{"points.comp"}},
	} {
		var err error
		if *p.to, err = newProgram(p.files...); err != nil {
			return nil, err
		}
	}
	for _, a := range []*uint32{&c.empty, &c.ranged, &c.lines, &c.inks} {
		gl.GenVertexArrays(1, a)
	}
	gl.GenBuffers(1, &c.instances)
	gl.GenBuffers(1, &c.dots)
	c.colours = newTexture(mapWidth, 2, colourMaps(), 4)
	return c, nil
}

// size makes the canvas fit a framebuffer.
func (c *canvas) size(w, h int) error {
	scale := float32(math.Max(0.5, math.Floor(8*math.Min(float64(w)/designW, float64(h)/designH))/8))
	c.w, c.h = w, h
	if c.atlas != nil && c.scale == scale {
		return nil
	}
	if c.atlas != nil {
		c.atlas.free()
	}
	var err error
	c.scale = scale
	c.atlas, err = newAtlas(float64(scale))
	return err
}

// u is a length in pixels.
func (c *canvas) u(v float32) float32 { return float32(math.Round(float64(v * c.scale))) }

// begin prepares the context for drawing.
func (c *canvas) begin() {
	gl.Viewport(0, 0, int32(c.w), int32(c.h))
	c.bounds = c.all()
	gl.Disable(gl.DEPTH_TEST)
	gl.Disable(gl.CULL_FACE)
	gl.Enable(gl.SCISSOR_TEST)
	gl.BlendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ZERO, gl.ONE) // pictures are opaque
	gl.ActiveTexture(gl.TEXTURE0)
}

// all is the window.
func (c *canvas) all() rect { return rect{0, 0, float32(c.w), float32(c.h)} }

// clip restricts drawing to a rectangle, within the bounds.
func (c *canvas) clip(r rect) {
	r = r.within(c.bounds)
	x, y := int32(math.Round(float64(r.x))), int32(math.Round(float64(r.y)))
	gl.Scissor(x, int32(c.h)-y-int32(math.Round(float64(r.h))), int32(math.Round(float64(r.w))), int32(math.Round(float64(r.h))))
}

// clear gives a rectangle one colour, at once.
func (c *canvas) clear(r rect, with colour) {
	c.clip(r)
	gl.ClearColor(with[0], with[1], with[2], 1)
	gl.Clear(gl.COLOR_BUFFER_BIT)
}

// part is what draws a rectangle.
type part struct {
	rect
	draw func()
}

// live has draw called each time that the panel is drawn, after what stands still, which
// is drawn only when it changes. It has to cover the rectangle.
func (c *canvas) live(r rect, draw func()) { c.later = append(c.later, part{r, draw}) }

// quad draws a rectangle with a program, whose other uniforms are set.
// Where it begins is a whole pixel, so that shaders can tell pixels apart without rounding
// one way here and the other way there.
func (c *canvas) quad(p *program, r rect, vertices uint32) {
	r.x, r.y = float32(math.Round(float64(r.x))), float32(math.Round(float64(r.y)))
	c.clip(r)
	gl.Disable(gl.BLEND)
	p.floats("rect", r.x, r.y, r.w, r.h)
	p.floats("screen", float32(c.w), float32(c.h))
	gl.BindVertexArray(vertices)
	gl.DrawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, 1)
}

// rangeOf binds a vertex array whose attribute 0 is one of the ranges on the device, for
// all vertices.
func (c *canvas) rangeOf(ranges uint32, index int) {
	gl.BindVertexArray(c.ranged)
	gl.BindBuffer(gl.ARRAY_BUFFER, ranges)
	gl.EnableVertexAttribArray(0)
	gl.VertexAttribPointerWithOffset(0, 2, gl.FLOAT, false, 8, uintptr(8*index))
	gl.VertexAttribDivisor(0, 1)
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}
