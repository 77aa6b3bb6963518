package backendtest

import (
	"cmp"
	"fmt"

	"glyph"
	"glyph/models"
)

// VariantNetworks are networks, each with sizes of batch, for which a backend that
// chooses programs by shape has to choose differently: few and many tiles, whole and
// split sums, vectors and single numbers. They are the preset of that name, or all
// presets and two that are unlike them.
func VariantNetworks(preset string) (list []VariantNetwork, err error) {
	for _, model := range models.PresetNames() {
		if preset == "" || preset == model {
			list = append(list, VariantNetwork{models.Spec{Model: model}, []int{128, 64, 33, 16, 1}})
		}
	}
	if preset != "" {
		if list == nil {
			err = fmt.Errorf("unknown network %q; known are %v", preset, models.PresetNames())
		}
		return list, err
	}
	return append(list,
		VariantNetwork{models.Spec{Model: "mlp", Hidden: []int{1024, 1023, 2048}}, []int{1024, 256}},
		VariantNetwork{models.Spec{Model: "cnn", Filters: []int{512, 6, 512}, Units: []int{512}}, []int{4}}), nil
}

// VariantNetwork is one of VariantNetworks.
type VariantNetwork struct {
	Spec    models.Spec
	Batches []int // the largest first
}

// Ask asks the backend for a training step of the network at each size of batch, recorded
// often enough to be compiled and not recorded, for the evaluation, and for every update
// rule. It calls asked after each of them with what it was; the results are of no account.
func (v VariantNetwork) Ask(b glyph.Backend, asked func(what string)) (err error) {
	scope := glyph.NewScope(b)
	defer func() { err = cmp.Or(err, scope.Close()) }()
	n, err := newVariant(scope, v)
	if err != nil {
		return err
	}
	sgd := glyph.NewOptimizer(glyph.SGD)
	for _, batch := range v.Batches {
		scope.Repeat(16, func() { n.step(batch, sgd, false) })
		asked(fmt.Sprintf("%s, batch %d", v.Spec.Model, batch))
		scope.Repeat(16, func() { n.step(batch, sgd, true) })
		n.step(batch, sgd, false)
		n.evaluate(batch)
		asked(fmt.Sprintf("%s, batch %d, with augmentation and a penalty, evaluated, and not recorded", v.Spec.Model, batch))
	}
	batch := v.Batches[len(v.Batches)/2]
	for k, name := range glyph.OptimizerNames() {
		rule := glyph.NewOptimizer(glyph.OptimizerKind(k))
		scope.Repeat(16, func() { n.step(batch, rule, false) })
		n.step(batch, rule, false)
		asked(fmt.Sprintf("%s, batch %d, %s", v.Spec.Model, batch, name))
	}
	n.b.MovingAverage(n.net.M, n.net.W.Head(n.net.M.Size()), 0.99, n.clock)
	asked(v.Spec.Model + ", moving average")
	return scope.Sync()
}

// variant is a VariantNetwork on a backend.
type variant struct {
	b                    glyph.Backend
	net                  *models.Network
	set                  glyph.Dataset
	order, clock, counts glyph.Ints
	scalar, log          glyph.Tensor
	targets, loss, hits  glyph.Tensor
}

func newVariant(b glyph.Backend, v VariantNetwork) (*variant, error) {
	largest := v.Batches[0]
	net, err := models.New(b, v.Spec, largest)
	if err != nil {
		return nil, err
	}
	net.AllocMoments(glyph.NewOptimizer(glyph.Adam))
	tensor := func(s glyph.Shape) glyph.Tensor { return glyph.NewTensor(b, s) }
	n := &variant{
		b: b, net: net, order: b.AllocInts(largest), clock: b.AllocInts(glyph.ClockLen), counts: b.AllocInts(net.Classes() * net.Classes()),
		scalar: tensor(glyph.Shape{1}), log: tensor(glyph.Shape{32, glyph.LogLen}), targets: tensor(glyph.Shape{largest, net.Classes()}),
		loss: tensor(glyph.Shape{largest}), hits: tensor(glyph.Shape{largest}),
	}
	n.set = glyph.Dataset{Images: b.Upload(make([]byte, largest*784)), Labels: b.Upload(make([]byte, largest)),
		Shape: glyph.Shape{largest, 28, 28, 1}, Mean: n.scalar, Scale: n.scalar}
	net.SetClock(n.clock, 1)
	return n, nil
}

// step is a training step; with more it has augmentation and the penalty's cost.
func (n *variant) step(batch int, rule glyph.Optimizer, more bool) {
	x, t, loss, hits := n.net.Input(batch), n.targets.Head(batch), n.loss.Head(batch), n.hits.Head(batch)
	penalty := glyph.Tensor{}
	if more {
		n.b.GatherAugmented(x, t, n.set, n.order, n.clock, 0, glyph.Augmentation{Shift: 2, Elastic: 1}, 1)
		penalty = n.scalar
	} else {
		n.b.Gather(x, t, n.set, n.order, n.clock, 0)
	}
	n.b.SoftmaxCrossEntropy(loss, hits, n.net.DLogits(batch), n.net.Forward(batch, true), t)
	n.net.Backward(batch)
	if more {
		n.b.L2(penalty, n.net.W.Head(n.net.Decaying), 1e-4)
	}
	n.b.Optimize(n.net.W.Head(n.net.Trained), n.net.M, n.net.V, n.net.G, n.scalar, n.clock, n.net.Decaying, rule)
	n.b.Advance(n.clock, n.log, loss, hits, penalty)
}

func (n *variant) evaluate(batch int) {
	logits := n.net.Forward(batch, false)
	n.b.SoftmaxCrossEntropy(n.loss.Head(batch), n.hits.Head(batch), glyph.Tensor{}, logits, n.targets.Head(batch))
	n.b.Confusion(n.counts, logits, n.targets.Head(batch))
}

// AskOthers asks the backend for the operations that a training may have and no step of
// a preset has, with channels that are a multiple of four, and others.
func AskOthers(b glyph.Backend) (err error) {
	scope := glyph.NewScope(b)
	defer func() { err = cmp.Or(err, scope.Close()) }()
	pool, relu := glyph.Pool{Size: 2, Stride: 2}, glyph.Activation{Kind: glyph.ReLU}
	for _, c := range []int{16, 6} {
		tensor := func(size int) glyph.Tensor { return glyph.NewTensor(scope, glyph.Shape{2, size, size, c}) }
		x, dx, sum, y := tensor(8), tensor(8), tensor(8), tensor(4)
		scope.AvgPool2D(y, x, pool)
		scope.AvgPool2DBackward(dx, y, pool)
		scope.Add(sum, x, dx, relu)
		scope.AddBackward(dx, sum, x, relu)
	}
	// A first convolution of 5×5, which no preset has.
	conv := glyph.Conv{Stride: 1, Pad: 2}
	x, y, w, bias := glyph.NewTensor(scope, glyph.Shape{2, 9, 9, 1}), glyph.NewTensor(scope, glyph.Shape{2, 9, 9, 32}), glyph.NewTensor(scope, glyph.Shape{32, 5, 5, 1}), glyph.NewTensor(scope, glyph.Shape{32})
	scope.Conv2D(y, x, w, bias, conv, relu)
	dy, dw, db := glyph.NewTensor(scope, y.Shape), glyph.NewTensor(scope, w.Shape), glyph.NewTensor(scope, bias.Shape)
	scope.Conv2DBackward(glyph.Tensor{}, dw, db, dy, y, x, w, conv, relu)
	return scope.Sync()
}
