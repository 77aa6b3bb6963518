//go:build cgo

package gpu

import "glyph"

var confusion = newKernel("confusion.comp", "CLASSES")

// Confusion adds the batch to counts[label, prediction].
func (b *Backend) Confusion(counts glyph.Ints, logits, t glyph.Tensor) {
	glyph.CheckConfusion(counts, logits, t)
	l := b.start(b.program(confusion, values{32, logits.Shape[1]}))
	b.all(0, counts, true)
	b.in(1, logits)
	b.in(2, t)
	l.uniform(9, logits.Shape[0])
	b.elements(logits.Shape[0])
}
