//go:build cgo

package gpu

import "glyph"

var dropout = newKernel("dropout.comp", "y x clock", "n"+maskUniforms, "VEC")

// Dropout computes y = x/(1 - Rate) where the mask keeps the element, else 0.
func (b *Backend) Dropout(y, x glyph.Tensor, m glyph.Mask, clock glyph.Ints) {
	glyph.CheckDropout(y, x, m, clock)
	b.ask(operation{kind: opDropout, t: operands{y, x}, mask: m, clock: clock})
}

func (b *Backend) putDropout(o *operation) {
	y, x := o.t[0], o.t[1]
	n := x.Size()
	l := b.start(b.program(dropout, values{128, vec(n, y, x)}))
	b.out(y)
	b.in(x)
	b.all(o.clock, false)
	l.uniform(n)
	l.mask(o.mask)
	b.elements(ceil(n, 4))
}

// maskUniforms are those of shaders/dropout.glsl.
const maskUniforms = " key_low key_high id threshold scale_bits stream"

// mask gives them.
func (l *launch) mask(m glyph.Mask) {
	key := glyph.Key(m.Seed)
	l.uniform(int(int32(key[0])))
	l.uniform(int(int32(key[1])))
	l.uniform(int(int32(m.ID)))
	l.uniform(int(int32(m.Threshold())))
	l.bits(m.Scale())
	l.uniform(int(glyph.StreamDropout))
}
