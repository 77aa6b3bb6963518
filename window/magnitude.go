//go:build cgo

package window

import (
	"math"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// What a magnitude can begin with: an index of its letters.
const (
	minus = 12
	both  = 13 // ±
	none  = 14
)

// letters are those of a magnitude, as the shader counts them.
const letters = "0123456789.e-± \x00"

// magnitude has the greatest magnitude of a range that is on the device written, on a panel.
func (c *canvas) magnitude(x, y float32, with colour, ranges uint32, index int, mark int) {
	const places = 9 // as in ±1.23e-10
	p, glyphs := c.number, c.atlas.glyphs[mono]
	h, wide := c.atlas.height[mono], glyphs['0'].advance
	x, y = float32(math.Round(float64(x))), float32(math.Round(float64(y)))
	area := rect{x, y, places * wide, h}
	c.live(area, func() {
		p.use()
		p.floats("screen", float32(c.w), float32(c.h))
		p.floats("origin", x, y)
		p.floats("letter", wide, h)
		cells := make([]float32, 0, 64)
		for _, r := range letters {
			l, ok := glyphs[r]
			if !ok {
				l = glyphs[' ']
			}
			cells = append(cells, l.u0, l.v0, l.u1, l.v1)
		}
		gl.Uniform4fv(p.at("letters"), int32(len(cells)/4), &cells[0])
		p.ints("mark", mark)
		p.floats("paint", with[0], with[1], with[2])
		p.floats("ground", panel[0], panel[1], panel[2])
		c.clip(area)
		gl.Disable(gl.BLEND)
		gl.BindTexture(gl.TEXTURE_2D, c.atlas.texture)
		c.rangeOf(ranges, index)
		gl.DrawArraysInstanced(gl.TRIANGLES, 0, 6*places, 1)
	})
}
