package train

import (
	"glyph"
	"glyph/models"
)

// average is an exponential moving average of a network's parameters and statistics
// over the steps of a training, on the device (Polyak & Juditsky 1992; the decay as
// in glyph.AverageShare). Without a decay it does nothing and costs nothing.
type average struct {
	b     glyph.Backend
	net   *models.Network
	decay float32
	w     glyph.Tensor // the average
	raw   glyph.Tensor // the weights that are trained, while the network has the average
}

// newAverage begins the average with the weights that the network has.
func newAverage(b glyph.Backend, net *models.Network, opt Options) *average {
	a := &average{b: b, net: net, decay: float32(opt.Average)}
	if a.decay > 0 {
		a.w, a.raw = glyph.NewTensor(b, net.W.Shape), glyph.NewTensor(b, net.W.Shape)
		b.Copy(a.w, net.W)
	}
	return a
}

// step moves the average, between Optimize and Advance.
func (a *average) step(clock glyph.Ints) {
	if !a.w.IsZero() {
		a.b.MovingAverage(a.w, a.net.W, a.decay, clock)
	}
}

// during calls do with the average as the network's weights.
func (a *average) during(do func() error) error {
	if a.w.IsZero() {
		return do()
	}
	a.b.Copy(a.raw, a.net.W)
	a.b.Copy(a.net.W, a.w)
	err := do()
	a.b.Copy(a.net.W, a.raw)
	return err
}

// end makes the average the network's weights for good.
func (a *average) end() {
	if !a.w.IsZero() {
		a.b.Copy(a.net.W, a.w)
	}
}
