//go:build cgo

package gpu

import (
	"fmt"
	"testing"

	"glyph"
	"glyph/models"
)

// randomCases is how many networks TestFusedIsTheSameAtRandom trains.
const randomCases = 4

// Whatever the network, its shapes, the rule and the batch, a compiled step leaves the
// same bits as its operations one by one: parameters, moments, statistics and losses. On
// a device that computes on the CPU the programs are for any geometry, and so
// few that this takes seconds.
func TestFusedIsTheSameAtRandom(t *testing.T) {
	t.Parallel()
	b := openFused(t)
	shared, all := false, fused{}
	b.forceFixed, b.forceTile, b.forceSkinny = &shared, &tile{16, 16, 4, 4, true, false, 1}, true
	for i := range randomCases {
		c := randomCase(glyph.NewRand(14, glyph.StreamTest, uint32(i)))
		b.forceSplit = c.split
		b.fuses = false
		want := c.trainOn(t, b, &all)
		b.fuses = true
		got := c.trainOn(t, b, &all)
		for name := range want {
			sameBits(t, fmt.Sprintf("case %d: %s: %s", i, c.name, name), got[name], want[name])
		}
	}
	if all.gathered == 0 || all.pooled == 0 || all.dropped == 0 || all.unpooled == 0 || all.undropped == 0 || !all.dx || !all.updates || !all.pair || !all.advance {
		t.Errorf("the networks have not all rules: %+v", all)
	}
}

// randomCase draws a network and how it is trained.
func randomCase(r *glyph.Rand) fuseCase {
	// Compiling is what takes the time: these go together.
	manner := r.IntN(2)
	act := [...]glyph.Activation{{Kind: glyph.ReLU}, {Kind: glyph.Tanh}}[manner]
	c := fuseCase{in: glyph.Shape{5 + r.IntN(6), 5 + r.IntN(6), 1}, batch: 1 + r.IntN(9), penalty: r.IntN(2) == 0,
		move: r.IntN(3) == 0, augment: r.IntN(3) == 0, split: 2 * manner,
		rule: glyph.NewOptimizer([...]glyph.OptimizerKind{glyph.Momentum, glyph.AdamW}[manner])}
	c.rule.L2 = 0.01
	var layers []models.Layer
	shape := c.in
	add := func(one int, l models.Layer) { // with a chance of one in so many, if it fits
		if out, err := l.Output(shape); err == nil && r.IntN(one) == 0 {
			layers, shape = append(layers, l), out
			c.name += l.String() + "; "
		}
	}
	for range r.IntN(4) {
		k := 1 + r.IntN(3)
		add(1, models.Conv2D{Filters: []int{3, 8}[r.IntN(2)], Kernel: k, Conv: glyph.Conv{Stride: 1, Pad: r.IntN(k)}, Activation: act})
		add(8, models.BatchNorm2D{Norm: glyph.DefaultBatchNorm(), Activation: act})
		add(9, models.AvgPool2D{Pool: glyph.Pool{Size: 2, Stride: 1}})
		add(9, models.MaxPool2D{Pool: glyph.Pool{Size: 3, Stride: 2}})
		add(1, pool2)
		add(2, models.Dropout{Rate: 0.3})
	}
	add(1, models.Flatten{})
	add(3, models.Dropout{Rate: 0.5})
	for range r.IntN(3) {
		add(1, models.Dense{Units: []int{12, 65}[r.IntN(2)], Activation: act})
		add(2, models.Dropout{Rate: 0.25})
	}
	add(1, models.Dense{Units: 2 + r.IntN(9)})
	c.graph, c.perPixel = models.Chain(layers...), r.IntN(2) == 0
	c.name = fmt.Sprintf("%v in batches of %d: %s%v, split %d, augmented %t, a mean for each pixel %t",
		c.in, c.batch, c.name, c.rule.Kind, c.split, c.augment, c.perPixel)
	return c
}

// trainOn trains four steps of the case, and adds the rules that were used to used.
func (c fuseCase) trainOn(t *testing.T, b *Backend, used *fused) map[string][]float32 {
	t.Helper()
	s := newTraining(t, b, c.in, c.graph, c.batch, c.rule)
	s.augment = c.augment
	if c.perPixel {
		s.meansForPixels(c.in)
	}
	if c.penalty {
		s.penalty = glyph.NewTensor(b, glyph.Shape{1})
	}
	if c.move {
		s.average = glyph.NewTensor(b, s.net.W.Shape)
	}
	if b.fuses {
		used.add(fusedIn(b, s.step))
	}
	b.Repeat(4, s.step)
	return s.state(t)
}

func (f *fused) add(o fused) {
	f.softmax, f.dx, f.updates, f.pair, f.advance, f.drop = f.softmax || o.softmax, f.dx || o.dx, f.updates || o.updates, f.pair || o.pair, f.advance || o.advance, f.drop || o.drop
	f.gathered += o.gathered
	f.pooled, f.dropped, f.unpooled, f.undropped = f.pooled+o.pooled, f.dropped+o.dropped, f.unpooled+o.unpooled, f.undropped+o.undropped
}
