//go:build cgo

package window

import (
	"math"
	"unsafe"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// canvas draws into the framebuffer that is bound.
type canvas struct {
	w, h  int
	scale float32 // pixels a unit
	atlas *atlas

	mosaic, bars, chances, line, text, number, ranger, histogram, history, curve *program

	empty, lines, texts, numbers uint32 // vertex arrays
	letters                      uint32 // a buffer of them
	dots                         uint32 // points of the host
	colours                      uint32
	vertices                     []float32
}

func newCanvas() (*canvas, error) {
	c := &canvas{}
	for _, p := range []struct {
		to    **program
		files []string
	}{
		{&c.mosaic, []string{"quad.vert", "mosaic.frag"}}, {&c.bars, []string{"quad.vert", "bars.frag"}},
		{&c.chances, []string{"quad.vert", "chances.frag"}}, {&c.line, []string{"line.vert", "line.frag"}},
		{&c.text, []string{"text.vert", "text.frag"}}, {&c.number, []string{"number.vert", "number.frag"}},
		{&c.ranger, []string{"range.comp"}}, {&c.histogram, []string{"histogram.comp"}},
		{&c.history, []string{"history.comp"}}, {&c.curve, []string{"points.comp"}},
	} {
		var err error
		if *p.to, err = newProgram(p.files...); err != nil {
			return nil, err
		}
	}
	for _, a := range []*uint32{&c.empty, &c.lines, &c.texts, &c.numbers} {
		gl.GenVertexArrays(1, a)
	}
	gl.GenBuffers(1, &c.letters)
	gl.GenBuffers(1, &c.dots)
	c.colours = newTexture(256, 1, signedMap(), 4, gl.LINEAR)
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

// begin prepares the context for drawing.
func (c *canvas) begin() {
	gl.Viewport(0, 0, int32(c.w), int32(c.h))
	gl.Disable(gl.DEPTH_TEST)
	gl.Disable(gl.CULL_FACE)
	gl.Enable(gl.SCISSOR_TEST)
	gl.BlendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ZERO, gl.ONE) // pictures are opaque
}

// clip restricts drawing to a rectangle.
func (c *canvas) clip(r rect) {
	x, y := int32(math.Round(float64(r.x))), int32(math.Round(float64(r.y)))
	gl.Scissor(x, int32(c.h)-y-int32(math.Round(float64(r.h))), int32(math.Round(float64(r.w))), int32(math.Round(float64(r.h))))
}

// fill fills a rectangle with a colour.
func (c *canvas) fill(r rect, with colour) {
	c.clip(r)
	gl.ClearColor(with[0], with[1], with[2], 1)
	gl.Clear(gl.COLOR_BUFFER_BIT)
}

// quad draws a rectangle with a program, whose other uniforms are set.
func (c *canvas) quad(p *program, r rect) {
	c.clip(r)
	gl.Disable(gl.BLEND)
	p.floats("rect", r.x, r.y, r.w, r.h)
	p.floats("screen", float32(c.w), float32(c.h))
	gl.BindVertexArray(c.empty)
	gl.DrawArrays(gl.TRIANGLE_STRIP, 0, 4)
}

// write sets a text at a point of the left end of its line, with y the top of the line.
// Texts are drawn by flush.
func (c *canvas) write(x, y float32, face int, with colour, s string) {
	x, y = float32(math.Round(float64(x))), float32(math.Round(float64(y)))+c.atlas.ascent[face]
	for _, r := range s {
		g := c.atlas.of(face, r)
		x0, y0 := x+g.x, y+g.y
		x1, y1 := x0+g.w, y0+g.h
		for _, v := range [6][4]float32{
			{x0, y0, g.u0, g.v0}, {x1, y0, g.u1, g.v0}, {x0, y1, g.u0, g.v1},
			{x0, y1, g.u0, g.v1}, {x1, y0, g.u1, g.v0}, {x1, y1, g.u1, g.v1},
		} {
			c.vertices = append(c.vertices, v[0], v[1], v[2], v[3], with[0], with[1], with[2], 1)
		}
		x += g.advance
	}
}

// writeRight sets a text whose right end is at x.
func (c *canvas) writeRight(x, y float32, face int, with colour, s string) {
	c.write(x-c.atlas.width(face, s), y, face, with, s)
}

// flush draws the texts within a rectangle.
func (c *canvas) flush(r rect) {
	if len(c.vertices) == 0 {
		return
	}
	c.clip(r)
	gl.Enable(gl.BLEND)
	c.text.use()
	c.text.floats("screen", float32(c.w), float32(c.h))
	gl.ActiveTexture(gl.TEXTURE0)
	gl.BindTexture(gl.TEXTURE_2D, c.atlas.texture)
	gl.BindVertexArray(c.texts)
	gl.BindBuffer(gl.ARRAY_BUFFER, c.letters)
	gl.BufferData(gl.ARRAY_BUFFER, 4*len(c.vertices), gl.Ptr(c.vertices), gl.STREAM_DRAW)
	for i := range uint32(2) {
		gl.EnableVertexAttribArray(i)
		gl.VertexAttribPointerWithOffset(i, 4, gl.FLOAT, false, 32, uintptr(16*i))
	}
	gl.DrawArrays(gl.TRIANGLES, 0, int32(len(c.vertices)/8))
	c.vertices = c.vertices[:0]
}

// axes are how points become places.
type axes struct {
	rect
	left, right float32 // x in steps
	low, high   float32
	logarithmic bool
}

// strip draws n points of a buffer, from element first on, as a line.
func (c *canvas) strip(a axes, buffer uint32, first, n int, width float32, with colour, alpha float32) {
	c.clip(a.rect)
	gl.Enable(gl.BLEND)
	p := c.line
	p.use()
	p.floats("rect", a.x, a.y, a.w, a.h)
	p.floats("screen", float32(c.w), float32(c.h))
	p.floats("ends", a.left, a.right)
	p.floats("limits", a.low, a.high)
	p.ints("logarithmic", number(a.logarithmic))
	p.floats("width", width)
	p.floats("paint", with[0], with[1], with[2], alpha)
	gl.BindVertexArray(c.lines)
	gl.BindBuffer(gl.ARRAY_BUFFER, buffer)
	for i := range uint32(2) {
		gl.EnableVertexAttribArray(i)
		gl.VertexAttribPointerWithOffset(i, 2, gl.FLOAT, false, 8, uintptr(8*(first+int(i))))
		gl.VertexAttribDivisor(i, 1)
	}
	gl.DrawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, int32(n-1))
}

// dot draws one point of the host.
func (c *canvas) dot(a axes, x, y, width float32, with colour) {
	v := [4]float32{x, y, x, y}
	gl.BindBuffer(gl.ARRAY_BUFFER, c.dots)
	gl.BufferData(gl.ARRAY_BUFFER, 16, unsafe.Pointer(&v[0]), gl.STREAM_DRAW)
	c.strip(a, c.dots, 0, 2, width, with, 1)
}

// magnitude writes the greatest magnitude of a range that is on the device.
func (c *canvas) magnitude(x, y float32, with colour, ranges uint32, index int, mark int) {
	const places = 10
	p := c.number
	g := c.atlas.glyphs[mono]
	p.use()
	p.floats("screen", float32(c.w), float32(c.h))
	h := c.atlas.height[mono]
	wide := g['0'].advance
	p.floats("origin", float32(math.Round(float64(x))), float32(math.Round(float64(y))))
	p.floats("letter", wide, h)
	cell := make([]float32, 0, 64)
	for _, r := range "0123456789.e-± \x00" {
		l, ok := g[r]
		if !ok {
			l = g[' ']
		}
		cell = append(cell, l.u0, l.v0, l.u1, l.v1)
	}
	gl.Uniform4fv(p.at("letters"), int32(len(cell)/4), &cell[0])
	p.ints("mark", mark)
	p.floats("paint", with[0], with[1], with[2], 1)
	c.clip(rect{x, y, places * wide, h})
	gl.Enable(gl.BLEND)
	gl.ActiveTexture(gl.TEXTURE0)
	gl.BindTexture(gl.TEXTURE_2D, c.atlas.texture)
	gl.BindVertexArray(c.numbers)
	gl.BindBuffer(gl.ARRAY_BUFFER, ranges)
	gl.EnableVertexAttribArray(0)
	gl.VertexAttribPointerWithOffset(0, 2, gl.FLOAT, false, 8, uintptr(8*index))
	gl.VertexAttribDivisor(0, 1)
	gl.DrawArraysInstanced(gl.TRIANGLES, 0, 6*places, 1)
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}
