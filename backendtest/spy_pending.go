package backendtest

import "glyph"

func (s *Spy) BatchNorm2D(y, kept, mean, variance, x, gamma, beta glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	s.backend.BatchNorm2D(y, kept, mean, variance, x, gamma, beta, n, act)
}
func (s *Spy) BatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept glyph.Tensor, act glyph.Activation) {
	s.backend.BatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept, act)
}
func (s *Spy) BatchNorm2DInference(y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	s.backend.BatchNorm2DInference(y, x, gamma, beta, mean, variance, n, act)
}
