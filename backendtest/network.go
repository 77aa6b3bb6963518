package backendtest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"glyph"
	"glyph/models"
)

// networkStep is the h of the stencil for whole networks: small, so that few
// pre-activations lie within reach of a kink, and still far from rounding
// (rounding is about u/h ≈ 4e-13, truncation nothing).
const networkStep = 3e-4

// networkSeeds is how many draws of weights and images are tried to find one
// where no perturbation crosses a kink.
const networkSeeds = 200

// CheckNetworkGradient compares the gradient of a whole network's cost, the
// mean cross-entropy plus the L2 penalty, with a numerical one in every
// parameter. Dropout is on, with the mask of the first step. The analytical
// gradient is what training applies: the change that one SGD step with
// learning rate 1 makes to the weights.
//
// ReLU and max pooling have kinks, where no derivative exists, so a draw in
// which some perturbation changes which units are active or which elements win
// their window is set aside and the next is taken.
func CheckNetworkGradient(b glyph.Float64, name string, spec models.Spec, batch int) (GradientResult, error) {
	n := network{b: b, batch: batch, lambda: float32(spec.L2)}
	var err error
	if n.net, err = models.New(b, spec, batch); err != nil {
		return GradientResult{}, err
	}
	n.alloc()
	for seed := range uint64(networkSeeds) {
		n.draw(seed)
		start := n.read(n.net.W)
		n.pattern = n.look()
		numeric := NumericGradient(func() float64 {
			n.b.Write64(n.net.W, start)
			return n.cost()
		}, start[:n.net.Trained], networkStep) // state that layers write has no gradient
		if n.crossed {
			continue
		}
		n.b.Write64(n.net.W, start)
		return GradientResult{Name: name, Error: RelativeError(n.analytic(start), numeric)}, nil
	}
	return GradientResult{}, fmt.Errorf("%s: every one of %d draws has a unit within reach of a kink; make the network smaller", name, networkSeeds)
}

// network is a network under the check, with a batch and its targets.
type network struct {
	b       glyph.Float64
	net     *models.Network
	batch   int
	lambda  float32
	clock   glyph.Ints
	t, loss glyph.Tensor
	penalty glyph.Tensor
	lr      glyph.Tensor
	pattern []bool // active units and winners at the starting point
	crossed bool   // whether some perturbation changed them
}

func (n *network) alloc() {
	n.clock = n.b.AllocInts(glyph.ClockLen)
	n.t = glyph.NewTensor(n.b, glyph.Shape{n.batch, n.net.Classes()})
	n.loss = glyph.NewTensor(n.b, glyph.Shape{n.batch})
	n.penalty = glyph.NewTensor(n.b, glyph.Shape{1})
	n.lr = glyph.NewTensor(n.b, glyph.Shape{1})
	n.b.Write(n.lr, []float32{1})
	n.net.SetClock(n.clock, 1)
}

// draw sets weights, biases, images and target distributions of a seed.
func (n *network) draw(seed uint64) {
	n.crossed = false
	n.net.Init(seed)
	r := glyph.NewRand(seed, glyph.StreamTest, 1)
	for _, p := range n.net.Params() {
		if p.Tensor.Shape.Rank() == 1 { // biases start at zero, and factors at one: no test at all
			v := normals(r, p.Tensor.Size(), 0.1)
			if strings.HasSuffix(p.Name, ".weight") {
				for i := range v {
					v[i]++
				}
			}
			n.b.Write64(p.Tensor, v)
		}
	}
	x := n.net.Input(n.batch)
	n.b.Write64(x, normals(r, x.Size(), 1))
	t := make([]float64, n.t.Size())
	for i := range n.batch {
		row, sum := t[i*n.net.Classes():][:n.net.Classes()], 0.0
		for c := range row {
			row[c] = r.Float64()
			sum += row[c]
		}
		for c := range row {
			row[c] /= sum
		}
	}
	n.b.Write64(n.t, t)
}

// cost is the mean loss plus the penalty at the weights as they are.
func (n *network) cost() float64 {
	if n.crossed { // the draw is set aside already
		return 0
	}
	if !slices.Equal(n.look(), n.pattern) {
		n.crossed = true
		return 0
	}
	total := 0.0
	for _, v := range n.read(n.loss) {
		total += v
	}
	total /= float64(n.batch)
	if n.lambda > 0 {
		n.b.L2(n.penalty, n.net.W.Head(n.net.Decaying), n.lambda)
		total += n.read(n.penalty)[0]
	}
	return total
}

// look runs the network forward and returns which units are active and which
// elements are the maxima of their windows.
func (n *network) look() (pattern []bool) {
	var x []float64
	n.net.Trace = func(_ string, t glyph.Tensor) {
		y := n.read(t)
		for _, v := range y {
			pattern = append(pattern, v > 0)
		}
		winners := slices.Clone(y)
		slices.Sort(winners)
		for _, v := range x { // where pooling's winners stand; elsewhere all false
			_, found := slices.BinarySearch(winners, v)
			pattern = append(pattern, found)
		}
		x = y
	}
	logits := n.net.Forward(n.batch, true)
	n.net.Trace = nil
	n.b.SoftmaxCrossEntropy(n.loss, glyph.Tensor{}, n.net.DLogits(n.batch), logits, n.t)
	return pattern
}

// analytic is the gradient that training applies at start.
func (n *network) analytic(start []float64) []float64 {
	n.look()
	n.net.Backward(n.batch)
	rule := glyph.NewOptimizer(glyph.SGD)
	rule.L2 = n.lambda
	n.b.Optimize(n.net.W.Head(n.net.Trained), glyph.Tensor{}, glyph.Tensor{}, n.net.G, n.lr, n.clock, n.net.Decaying, rule)
	after := n.read(n.net.W)
	gradient := make([]float64, n.net.Trained)
	for i := range gradient {
		gradient[i] = start[i] - after[i]
	}
	return gradient
}

func (n *network) read(t glyph.Tensor) []float64 {
	v := make([]float64, t.Size())
	if err := n.b.Read64(v, t); err != nil {
		panic(err) // the oracle has no device that could fail
	}
	return v
}

func normals(r *glyph.Rand, n int, scale float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = scale * r.Normal()
	}
	return v
}

// SmallNetworks is the presets in sizes whose whole gradient is checked in a
// second or two. (kmnist-benchmark has no small size; it is the layers of cnn.)
func SmallNetworks() []NamedSpec {
	small := func(name string, s models.Spec) NamedSpec {
		s.Classes = 4
		return NamedSpec{"network " + name, s}
	}
	mlp := models.Spec{Model: "mlp", Input: []int{4, 4, 1}, Hidden: []int{8, 6}}
	sigmoid, dropout := mlp, mlp
	mlp.L2 = 0.01
	sigmoid.Activation = "sigmoid"
	dropout.Activation, dropout.Dropout = "tanh", []float64{0.3}
	return []NamedSpec{
		small("linear", models.Spec{Model: "linear", Input: []int{5, 5, 1}}),
		small("linear, l2", models.Spec{Model: "linear", Input: []int{5, 5, 1}, L2: 0.1}),
		small("mlp", mlp),
		small("mlp, sigmoid", sigmoid),
		small("mlp, tanh, dropout", dropout),
		small("cnn", models.Spec{Model: "cnn", Input: []int{8, 8, 1}, Filters: []int{2, 3, 3}, Units: []int{5}, L2: 0.01}),
		small("vgg", models.Spec{Model: "vgg", Input: []int{6, 6, 1}, Filters: []int{2, 3}, Dropout: []float64{0.3}}),
		small("resnet", models.Spec{Model: "resnet", Input: []int{5, 5, 1}, Depth: 8, Width: 1, L2: 0.01}),
	}
}

// NamedSpec is a network and what to call it.
type NamedSpec struct {
	Name string
	Spec models.Spec
}

// AllGradients compares the gradients of every operation, and of small networks
// whole. Once ctx is done it stops before the next one and returns the context's error.
func AllGradients(ctx context.Context, b glyph.Float64) ([]GradientResult, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	results := GradientChecks(b)
	for _, n := range SmallNetworks() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r, err := CheckNetworkGradient(b, n.Name, n.Spec, 3)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	return results, nil
}
