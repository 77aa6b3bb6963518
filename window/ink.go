//go:build cgo

package window

import (
	"math"
	"slices"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// inkLen is how many numbers an instance has: place, place in the atlas, colour.
const inkLen = 12

// fill queues a rectangle of one colour. The queue is drawn by flush.
func (c *canvas) fill(r rect, with colour) {
	const white = 0.5 / atlasSize
	c.queue = append(c.queue, r.x, r.y, r.w, r.h, white, white, white, white, with[0], with[1], with[2], 1)
}

// write queues a text at a point of the left end of its line, with y the top of the line.
func (c *canvas) write(x, y float32, face int, with colour, s string) {
	x, y = float32(math.Round(float64(x))), float32(math.Round(float64(y)))+c.atlas.ascent[face]
	for _, r := range s {
		g := c.atlas.of(face, r)
		if r != ' ' {
			c.queue = append(c.queue, x+g.x, y+g.y, g.w, g.h, g.u0, g.v0, g.u1, g.v1, with[0], with[1], with[2], 1)
		}
		x += g.advance
	}
}

// writeRight queues a text whose right end is at x.
func (c *canvas) writeRight(x, y float32, face int, with colour, s string) {
	c.write(x-c.atlas.width(face, s), y, face, with, s)
}

// damage is the rectangle outside which two queues draw the same.
func damage(old, new []float32) (r rect) {
	for len(old) > 0 && len(new) > 0 && slices.Equal(old[:inkLen], new[:inkLen]) {
		old, new = old[inkLen:], new[inkLen:]
	}
	for len(old) > 0 && len(new) > 0 && slices.Equal(old[len(old)-inkLen:], new[len(new)-inkLen:]) {
		old, new = old[:len(old)-inkLen], new[:len(new)-inkLen]
	}
	for _, list := range [][]float32{old, new} {
		for ; len(list) > 0; list = list[inkLen:] {
			r = r.with(rect{list[0], list[1], list[2], list[3]})
		}
	}
	return r
}

// flush draws the queue within a rectangle, and empties it.
func (c *canvas) flush(r rect) {
	if len(c.queue) == 0 {
		return
	}
	c.clip(r)
	gl.Enable(gl.BLEND)
	c.ink.use()
	c.ink.floats("screen", float32(c.w), float32(c.h))
	gl.BindTexture(gl.TEXTURE_2D, c.atlas.texture)
	gl.BindVertexArray(c.inks)
	gl.BindBuffer(gl.ARRAY_BUFFER, c.instances)
	gl.BufferData(gl.ARRAY_BUFFER, 4*len(c.queue), gl.Ptr(c.queue), gl.STREAM_DRAW)
	for i := range uint32(inkLen / 4) {
		gl.EnableVertexAttribArray(i)
		gl.VertexAttribPointerWithOffset(i, 4, gl.FLOAT, false, 4*inkLen, uintptr(16*i))
		gl.VertexAttribDivisor(i, 1)
	}
	gl.DrawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, int32(len(c.queue)/inkLen))
	c.queue = c.queue[:0]
}
