package backendtest

import "glyph"

func (m *mutant) AvgPool2D(y, x glyph.Tensor, p glyph.Pool) { m.Backend.AvgPool2D(y, x, p) }
func (m *mutant) AvgPool2DBackward(dx, dy glyph.Tensor, p glyph.Pool) {
	m.Backend.AvgPool2DBackward(dx, dy, p)
}
func (m *mutant) GlobalPool2D(y, x glyph.Tensor, k glyph.PoolKind) { m.Backend.GlobalPool2D(y, x, k) }
func (m *mutant) GlobalPool2DBackward(dx, dy, y, x glyph.Tensor, k glyph.PoolKind) {
	m.Backend.GlobalPool2DBackward(dx, dy, y, x, k)
}
func (m *mutant) BatchNorm2D(y, kept, mean, variance, x, gamma, beta glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	m.Backend.BatchNorm2D(y, kept, mean, variance, x, gamma, beta, n, act)
}
func (m *mutant) BatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept glyph.Tensor, act glyph.Activation) {
	m.Backend.BatchNorm2DBackward(dx, dgamma, dbeta, dy, y, x, gamma, kept, act)
}
func (m *mutant) BatchNorm2DInference(y, x, gamma, beta, mean, variance glyph.Tensor, n glyph.BatchNorm, act glyph.Activation) {
	m.Backend.BatchNorm2DInference(y, x, gamma, beta, mean, variance, n, act)
}
func (m *mutant) Add(y, a, b glyph.Tensor, act glyph.Activation) { m.Backend.Add(y, a, b, act) }
func (m *mutant) AddBackward(dx, dy, y glyph.Tensor, act glyph.Activation) {
	m.Backend.AddBackward(dx, dy, y, act)
}
func (m *mutant) MovingAverage(average, w glyph.Tensor, decay float32, clock glyph.Ints) {
	m.Backend.MovingAverage(average, w, decay, clock)
}
