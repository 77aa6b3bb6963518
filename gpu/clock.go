//go:build cgo

package gpu

import "glyph"

var advance = newKernel("clock.comp", "LOG HITS PENALTY")

// Advance writes the step's row of the log and moves the clock on.
func (b *Backend) Advance(clock glyph.Ints, log, loss, hits, penalty glyph.Tensor) {
	glyph.CheckAdvance(clock, log, loss, hits, penalty)
	l := b.start(b.program(advance, values{256, one(!log.IsZero()), one(!hits.IsZero()), one(!penalty.IsZero())}))
	b.all(0, clock, true)
	b.out(1, log)
	b.in(2, loss)
	b.in(3, hits)
	b.in(4, penalty)
	l.uniform(9, loss.Shape[0])
	l.uniform(10, log.Shape[0])
	b.run(1, 0)
}
