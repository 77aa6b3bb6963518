//go:build cgo

package gpu

import "glyph"

var movingAverage = newKernel("movingaverage.comp", "average w clock small", "n decay_bits"+lastUniforms, "ADVANCE")

// MovingAverage moves the average towards w, all parameters in one dispatch.
func (b *Backend) MovingAverage(average, w glyph.Tensor, decay float32, clock glyph.Ints) {
	glyph.CheckMovingAverage(average, w, decay, clock)
	b.ask(operation{kind: opMovingAverage, t: operands{average, w}, f: decay, clock: clock})
}

func (b *Backend) putMovingAverage(o *operation) { b.movingAverage(o, nil) }

// movingAverage queues the average, and at its end an Advance if one is given.
func (b *Backend) movingAverage(o, advance *operation) {
	n := o.t[1].Size()
	l := b.start(b.program(movingAverage, values{128, one(advance != nil)}))
	b.out(o.t[0])
	b.in(o.t[1])
	b.all(o.clock, false)
	b.smallIf(advance != nil)
	l.uniform(n)
	l.bits(o.f)
	b.last(advance, ceil(n, l.program.threads))
	b.elements(n)
}
