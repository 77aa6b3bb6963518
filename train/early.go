package train

import (
	"math"

	"glyph"
	"glyph/models"
)

// best keeps the weights of the epoch with the lowest validation loss, on the
// device (Prechelt 1998, "Early stopping - but when?").
type best struct {
	b        glyph.Backend
	net      *models.Network
	w        glyph.Tensor
	loss     float64
	epoch    int // from 1; 0 for none
	patience int
}

// newBest keeps nothing, and costs nothing, unless the options ask for it.
func newBest(b glyph.Backend, net *models.Network, opt Options) *best {
	k := &best{b: b, net: net, loss: math.Inf(1), patience: opt.Patience}
	if opt.KeepBest || opt.Patience > 0 {
		k.w = glyph.NewTensor(b, net.W.Shape)
	}
	return k
}

// worse records an epoch and reports whether patience is over.
func (k *best) worse(e Epoch) bool {
	if k.w.IsZero() {
		return false
	}
	if e.Validation.Loss < k.loss {
		k.loss, k.epoch = e.Validation.Loss, e.Epoch
		k.b.Copy(k.w, k.net.W)
	}
	return k.patience > 0 && e.Epoch-k.epoch >= k.patience
}

// restore puts the best weights back and returns their epoch, or last where
// none were kept.
func (k *best) restore(last int) int {
	if k.epoch == 0 {
		return last
	}
	k.b.Copy(k.net.W, k.w)
	return k.epoch
}
