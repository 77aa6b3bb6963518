package study

import (
	"math"
	"strings"

	"glyph"
	"glyph/models"
	"glyph/train"
)

// normsImages is how many training images the gradient norms are those of.
const normsImages = 256

// probe measures the gradient norms of a network between the epochs of its
// training: always on the first images of the training set, so that what
// changes is the network. It has a clock of its own and doesn't change the weights;
// the gradients it leaves behind are overwritten by the next step. Dropout drops the
// same units as in the next step.
type probe struct {
	b            glyph.Backend
	net          *models.Network
	set          glyph.Dataset
	order, clock glyph.Ints
	target       glyph.Tensor
	n            int
	norms        []Norms
	err          error
}

func newProbe(b glyph.Backend, net *models.Network, d train.Data, seed uint64) *probe {
	n := min(normsImages, d.Train.Len(), net.Batch())
	size := d.Train.Shape.Size()
	p := &probe{
		b: b, net: net, n: n,
		set: glyph.Dataset{
			Images: b.Upload(d.Train.Images[:n*size]),
			Labels: b.Upload(d.Train.Labels[:n]),
			Shape:  d.Train.Shape.Batched(n),
			Mean:   glyph.NewTensor(b, glyph.Shape{len(d.Mean)}),
			Scale:  glyph.NewTensor(b, glyph.Shape{len(d.Scale)}),
		},
		order:  b.AllocInts(n),
		clock:  b.AllocInts(glyph.ClockLen),
		target: glyph.NewTensor(b, glyph.Shape{n, d.Classes}),
	}
	b.Write(p.set.Mean, d.Mean)
	b.Write(p.set.Scale, d.Scale)
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	b.WriteInts(p.order, order)
	b.WriteInts(p.clock, make([]int32, glyph.ClockLen))
	net.SetClock(p.clock, seed) // until the training gives it its own
	return p
}

// measure records the norms after the given number of epochs. Norms that are not
// finite are not recorded: the training itself reports that it diverged.
func (p *probe) measure(epoch int) {
	if p.err != nil {
		return
	}
	p.b.Gather(p.net.Input(p.n), p.target, p.set, p.order, p.clock, 0)
	logits := p.net.Forward(p.n, true)
	p.b.SoftmaxCrossEntropy(glyph.Tensor{}, glyph.Tensor{}, p.net.DLogits(p.n), logits, p.target)
	p.net.Backward(p.n)
	row := Norms{Epoch: epoch}
	for _, g := range p.net.Gradients() {
		if !strings.HasSuffix(g.Name, ".weight") {
			continue
		}
		values := make([]float32, g.Tensor.Size())
		if p.err = p.b.Read(values, g.Tensor); p.err != nil {
			return
		}
		sum := 0.0
		for _, v := range values {
			sum += float64(v) * float64(v)
		}
		if math.IsNaN(sum) || math.IsInf(sum, 0) {
			return
		}
		row.Layers = append(row.Layers, strings.TrimSuffix(g.Name, ".weight"))
		row.Norm = append(row.Norm, math.Sqrt(sum))
	}
	p.norms = append(p.norms, row)
}

// vanishing is log₁₀ of the last norm over the first, and false where a norm is
// zero or there are none.
func (n Norms) vanishing() (float64, bool) {
	if len(n.Norm) == 0 || n.Norm[0] == 0 || n.Norm[len(n.Norm)-1] == 0 {
		return 0, false
	}
	return math.Log10(n.Norm[len(n.Norm)-1] / n.Norm[0]), true
}
