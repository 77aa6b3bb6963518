package backendtest

import "glyph"

func (s *Spy) AvgPool2D(y, x glyph.Tensor, p glyph.Pool) { s.backend.AvgPool2D(y, x, p) }
func (s *Spy) AvgPool2DBackward(dx, dy glyph.Tensor, p glyph.Pool) {
	s.backend.AvgPool2DBackward(dx, dy, p)
}
func (s *Spy) GlobalPool2D(y, x glyph.Tensor, k glyph.PoolKind) { s.backend.GlobalPool2D(y, x, k) }
func (s *Spy) GlobalPool2DBackward(dx, dy, y, x glyph.Tensor, k glyph.PoolKind) {
	s.backend.GlobalPool2DBackward(dx, dy, y, x, k)
}
func (s *Spy) BatchNorm2D(y, kept, mean, variance, x, gamma, beta glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	s.backend.BatchNorm2D(y, kept, mean, variance, x, gamma, beta, n, act)
}
func (s *Spy) BatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept glyph.Tensor, act glyph.Activation) {
	s.backend.BatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept, act)
}
func (s *Spy) BatchNorm2DInference(y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	s.backend.BatchNorm2DInference(y, x, gamma, beta, mean, variance, n, act)
}
func (s *Spy) Add(y, a, b glyph.Tensor, act glyph.Activation) { s.backend.Add(y, a, b, act) }
func (s *Spy) AddBackward(dx, dy, y glyph.Tensor, act glyph.Activation) {
	s.backend.AddBackward(dx, dy, y, act)
}
func (s *Spy) MovingAverage(average, w glyph.Tensor, decay float32, clock glyph.Ints) {
	s.backend.MovingAverage(average, w, decay, clock)
}
