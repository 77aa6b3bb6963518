//go:build cgo

package window

import (
	"glyph"
	"glyph/gpu"

	"github.com/go-gl/gl/v4.3-core/gl"
)

const (
	points      = 256     // of a curve
	historyBins = 4096    // of a training
	bins        = 64      // of a histogram
	counted     = 1 << 15 // numbers in a histogram, at most
)

// look runs the chosen image through the probe, and finds the ranges of what comes out.
func (s *scene) look(c *canvas, m *gpu.Moment) {
	buffer, offset, _ := m.Buffer(s.order)
	image := []int32{int32(s.image)}
	gl.BindBuffer(gl.COPY_WRITE_BUFFER, buffer)
	gl.BufferSubData(gl.COPY_WRITE_BUFFER, offset, 4, gl.Ptr(image))
	m.Run(s.run)
	arena, _ := where(m, s.probe.Arena)
	c.ranger.use()
	storage(arena, s.parts, s.ranges)
	c.ranger.ints("first", 0)
	gl.DispatchCompute(uint32(2+2*len(s.shown)), 1, 1)
	settled()
}

// measure finds the range of a parameter: 0 for the first layer's, 1 for the chosen one's.
func (s *scene) measure(c *canvas, m *gpu.Moment, t glyph.Tensor, index int) (buffer uint32, base int) {
	buffer, base = where(m, t)
	gl.BindBuffer(gl.COPY_WRITE_BUFFER, s.weightParts)
	part := []int32{int32(base), int32(t.Size())}
	gl.BufferSubData(gl.COPY_WRITE_BUFFER, 8*index, 8, gl.Ptr(part))
	c.ranger.use()
	storage(buffer, s.weightParts, s.weightRanges)
	c.ranger.ints("first", index)
	gl.DispatchCompute(1, 1, 1)
	settled()
	return buffer, base
}

// every says which numbers of so many are in a histogram: each first, second and so on.
func every(length int) int { return (length + counted - 1) / counted }

// count makes the histogram of a parameter whose range is known.
func (s *scene) count(c *canvas, buffer uint32, base, length, index int) {
	clearBuffer(s.counts)
	groups := min((length/every(length)+4095)/4096, 64)
	p := c.histogram
	p.use()
	storage(buffer, s.weightRanges, s.counts)
	p.ints("base", base)
	p.ints("length", length)
	p.ints("every", every(length))
	p.ints("range", index)
	p.ints("bins", bins)
	p.ints("groups", groups)
	p.ints("finish", 0)
	gl.DispatchCompute(uint32(groups), 1, 1)
	settled()
	p.ints("finish", 1)
	gl.DispatchCompute(1, 1, 1)
	settled()
}

// follow takes what is new in the log of losses, and makes points of it if wanted.
func (s *scene) follow(c *canvas, m *gpu.Moment, wanted bool) {
	clock, at, _ := m.Buffer(s.Clock)
	log, first := where(m, s.Log)
	p := c.history
	p.use()
	storage(clock, log, s.bins, s.next)
	last := s.Set.Len() - (s.Steps-1)*s.batch
	p.ints("clock_at", at/4)
	p.ints("log_at", first/2)
	p.ints("log_rows", s.Log.Shape[0])
	p.ints("width", s.width)
	p.ints("count", historyBins)
	p.ints("steps", s.Steps)
	p.ints("batch", s.batch)
	p.ints("last", last)
	gl.DispatchCompute(1, 1, 1)
	settled()
	if !wanted {
		return
	}
	p = c.curve
	p.use()
	storage(s.bins, s.points, s.next)
	p.ints("count", points)
	p.ints("bins_count", historyBins)
	p.ints("width", s.width)
	p.ints("reach", 4)
	gl.DispatchCompute((points+63)/64, 1, 1)
	settled()
}
