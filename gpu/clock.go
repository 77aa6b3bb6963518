//go:build cgo

package gpu

import "glyph"

var advance = newKernel("clock.comp", "clock log loss hits penalty", "N log_rows", "LOG HITS PENALTY")

// Advance writes the step's row of the log and moves the clock on.
func (b *Backend) Advance(clock glyph.Ints, log, loss, hits, penalty glyph.Tensor) {
	glyph.CheckAdvance(clock, log, loss, hits, penalty)
	b.ask(operation{kind: opAdvance, t: operands{log, loss, hits, penalty}, clock: clock})
}

func (b *Backend) putAdvance(o *operation) {
	log, loss, hits, penalty := o.t[0], o.t[1], o.t[2], o.t[3]
	clock := o.clock
	l := b.start(b.program(advance, values{256, one(!log.IsZero()), one(!hits.IsZero()), one(!penalty.IsZero())}))
	b.all(clock, true)
	b.out(log)
	b.in(loss)
	b.in(hits)
	b.in(penalty)
	l.uniform(loss.Shape[0])
	l.uniform(log.Shape[0])
	b.run(1, 0)
}
