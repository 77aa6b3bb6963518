package cpu

import "glyph"

// Copy copies src to dst.
func (b *Backend[T]) Copy(dst, src glyph.Tensor) {
	glyph.CheckCopy(dst, src)
	copy(b.data(dst), b.data(src))
}
