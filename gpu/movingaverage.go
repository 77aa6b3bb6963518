//go:build cgo

package gpu

import "glyph"

var movingAverage = newKernel("movingaverage.comp", "average w clock", "n decay_bits", "")

// MovingAverage moves the average towards w, all parameters in one dispatch.
func (b *Backend) MovingAverage(average, w glyph.Tensor, decay float32, clock glyph.Ints) {
	glyph.CheckMovingAverage(average, w, decay, clock)
	b.ask(operation{kind: opMovingAverage, t: operands{average, w}, f: decay, clock: clock})
}

func (b *Backend) putMovingAverage(o *operation) {
	average, w := o.t[0], o.t[1]
	decay, clock := o.f, o.clock
	l := b.start(b.program(movingAverage, values{128}))
	b.out(average)
	b.in(w)
	b.all(clock, false)
	l.uniform(w.Size())
	l.bits(decay)
	b.elements(w.Size())
}
