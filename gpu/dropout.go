//go:build cgo

package gpu

import "glyph"

var dropout = newKernel("dropout.comp", "VEC")

// Dropout computes y = x/(1 - Rate) where the mask keeps the element, else 0.
func (b *Backend) Dropout(y, x glyph.Tensor, m glyph.Mask, clock glyph.Ints) {
	glyph.CheckDropout(y, x, m, clock)
	n := x.Size()
	l := b.start(b.program(dropout, values{128, vec(n, y, x)}))
	b.out(0, y)
	b.in(1, x)
	b.all(2, clock, false)
	key := glyph.Key(m.Seed)
	l.uniform(9, n)
	l.uniform(10, int(int32(key[0])))
	l.uniform(11, int(int32(key[1])))
	l.uniform(12, int(int32(m.ID)))
	l.uniform(13, int(int32(m.Threshold())))
	l.bits(14, m.Scale())
	l.uniform(15, int(glyph.StreamDropout))
	b.elements(ceil(n, 4))
}
