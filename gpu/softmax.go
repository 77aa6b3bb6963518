//go:build cgo

package gpu

import "glyph"

var softmax = newKernel("softmax.comp", "loss hits dlogits logits t", "N", "CLASSES LOSS HITS DLOGITS")

// SoftmaxCrossEntropy computes the loss of each sample, whether it is
// predicted right, and the gradient of the mean loss.
func (b *Backend) SoftmaxCrossEntropy(loss, hits, dlogits, logits, t glyph.Tensor) {
	glyph.CheckSoftmaxCrossEntropy(loss, hits, dlogits, logits, t)
	b.ask(operation{kind: opSoftmaxCrossEntropy, t: operands{loss, hits, dlogits, logits, t}})
}

func (b *Backend) putSoftmaxCrossEntropy(o *operation) {
	loss, hits, dlogits, logits, t := o.t[0], o.t[1], o.t[2], o.t[3], o.t[4]
	l := b.start(b.program(softmax, values{32, logits.Shape[1], one(!loss.IsZero()), one(!hits.IsZero()), one(!dlogits.IsZero())}))
	b.out(loss)
	b.out(hits)
	b.out(dlogits)
	b.in(logits)
	b.in(t)
	l.uniform(logits.Shape[0])
	b.elements(logits.Shape[0])
}
