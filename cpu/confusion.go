package cpu

import "glyph"

// Confusion adds the batch to counts[label, prediction].
func (b *Backend[T]) Confusion(counts glyph.Ints, logits, t glyph.Tensor) {
	glyph.CheckConfusion(counts, logits, t)
	n, classes := logits.Shape[0], logits.Shape[1]
	z, target, sums := b.data(logits), b.data(t), b.ints(counts)
	for i := range n {
		label, prediction := argmax(target[i*classes:][:classes]), argmax(z[i*classes:][:classes])
		if label >= 0 && prediction >= 0 {
			sums[label*classes+prediction]++
		}
	}
}
