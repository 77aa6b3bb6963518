package backendtest

import "glyph"

func (m *mutant) BatchNorm2D(y, kept, mean, variance, x, gamma, beta glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	m.Backend.BatchNorm2D(y, kept, mean, variance, x, gamma, beta, n, act)
}
func (m *mutant) BatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept glyph.Tensor, act glyph.Activation) {
	m.Backend.BatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept, act)
}
func (m *mutant) BatchNorm2DInference(y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	m.Backend.BatchNorm2DInference(y, x, gamma, beta, mean, variance, n, act)
}
