//go:build cgo

package window

import (
	"math"
	"unsafe"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// axes are how points become places.
type axes struct {
	rect
	left, right float32 // x in steps
	low, high   float32
	logarithmic bool
}

// at is where a value is on the axis of y.
func (a axes) at(v float64) float32 {
	t := (v - float64(a.low)) / float64(a.high-a.low)
	if a.logarithmic {
		t = math.Log(v/float64(a.low)) / math.Log(float64(a.high)/float64(a.low))
	}
	return float32(math.Round(float64(a.y + float32(1-t)*a.h)))
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
