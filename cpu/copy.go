package cpu

import "glyph"

type copyTask[T Float] struct{ dst, src []T }

func (t *copyTask[T]) part(_, i int) {
	lo, hi := span(i, elementsPerPart, len(t.dst))
	copy(t.dst[lo:hi], t.src[lo:hi])
}

// Copy copies src to dst.
func (b *Backend[T]) Copy(dst, src glyph.Tensor) {
	glyph.CheckCopy(dst, src)
	b.copying = copyTask[T]{b.data(dst), b.data(src)}
	b.workers.run(&b.copying, ceil(dst.Size(), elementsPerPart))
}
