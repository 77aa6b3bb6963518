package cpu

import "glyph"

var (
	_ glyph.Backend = (*Backend[float32])(nil)
	_ glyph.Backend = (*Backend[float64])(nil)
	_ glyph.Float64 = Oracle{}
)
