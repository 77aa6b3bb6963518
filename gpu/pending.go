//go:build cgo

package gpu

import "glyph"

func (b *Backend) BatchNorm2D(y, kept, mean, variance, x, gamma, beta glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	panic("pending")
}
func (b *Backend) BatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept glyph.Tensor, act glyph.Activation) {
	panic("pending")
}
func (b *Backend) BatchNorm2DInference(y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	panic("pending")
}
