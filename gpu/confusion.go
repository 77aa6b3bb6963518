//go:build cgo

package gpu

import "glyph"

var confusion = newKernel("confusion.comp", "counts logits t", "N", "CLASSES")

// Confusion adds the batch to counts[label, prediction].
func (b *Backend) Confusion(counts glyph.Ints, logits, t glyph.Tensor) {
	glyph.CheckConfusion(counts, logits, t)
	b.ask(operation{kind: opConfusion, t: operands{logits, t}, counts: counts})
}

func (b *Backend) putConfusion(o *operation) {
	logits, t := o.t[0], o.t[1]
	counts := o.counts
	l := b.start(b.program(confusion, values{32, logits.Shape[1]}))
	b.all(counts, true)
	b.in(logits)
	b.in(t)
	l.uniform(logits.Shape[0])
	b.elements(logits.Shape[0])
}
