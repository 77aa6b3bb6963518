package models

import (
	"math"

	"glyph"
)

// Sequential is a network of layers one after the other, with all the memory
// that training it takes. After New or Build, Forward and Backward allocate
// nothing and ask for the same operations every time, so a step can be recorded
// (see glyph.Backend).
type Sequential struct {
	Spec        Spec        // what New built it from; the zero Spec after Build
	Initializer Initializer // of Init

	// W and G are the arenas of parameters and gradients, in one dimension
	// and one layout: weights first, so that what decays is W.Head(Weights).
	W, G    glyph.Tensor
	Weights int
	// M and V are the arenas of the optimizer's moments, or zero where the
	// rule of AllocMoments keeps none.
	M, V glyph.Tensor

	// Trace, if set, is called with every tensor right after it was computed:
	// ("the output of dense_1", y), ("the gradient of dense_1.weight", dw) and
	// so on. Buffers are reused, so it has to read the tensor at once.
	Trace func(where string, t glyph.Tensor)

	b             glyph.Backend
	batch         int
	clock         glyph.Ints
	seed          uint64
	stages        []Stage
	steps         []step
	input         glyph.Tensor
	params, grads []NamedTensor
	m, v          glyph.Tensor // moments once allocated
	square        glyph.Tensor // of GradientNorm
}

// Batch is the largest batch size.
func (net *Sequential) Batch() int { return net.batch }

// Classes is the number of logits.
func (net *Sequential) Classes() int { return net.stages[len(net.stages)-1].Out[0] }

// Stages is the layers with their names and shapes.
func (net *Sequential) Stages() []Stage { return net.stages }

// Params is views of W, one for each parameter tensor, layer by layer.
func (net *Sequential) Params() []NamedTensor { return net.params }

// Gradients is views of G under the names of Params.
func (net *Sequential) Gradients() []NamedTensor { return net.grads }

// ParamCount is the number of parameters, without padding.
func (net *Sequential) ParamCount() int {
	n := 0
	for _, s := range net.stages {
		n += s.ParamCount()
	}
	return n
}

// AllocMoments makes M and V as the rule needs them, all zero.
func (net *Sequential) AllocMoments(rule glyph.Optimizer) {
	needM, needV := rule.Moments()
	net.M = net.moment(&net.m, needM)
	net.V = net.moment(&net.v, needV)
}

func (net *Sequential) moment(t *glyph.Tensor, needed bool) glyph.Tensor {
	switch {
	case !needed:
		return glyph.Tensor{}
	case t.IsZero():
		*t = glyph.NewTensor(net.b, net.W.Shape)
	default:
		net.b.Write(*t, make([]float32, t.Size()))
	}
	return *t
}

// SetClock gives the layers with randomness, such as dropout, the clock and the
// seed of a training. Networks without any need none.
func (net *Sequential) SetClock(clock glyph.Ints, seed uint64) {
	net.clock, net.seed = clock, seed
}

// Input is where the images of a batch of n go: (n, H, W, C).
func (net *Sequential) Input(n int) glyph.Tensor { return net.input.Head(n) }

// Forward computes the logits (n, Classes) of the first n samples of Input.
func (net *Sequential) Forward(n int, training bool) (logits glyph.Tensor) {
	x := net.input.Head(n)
	net.trace("the input", "", x)
	for i := range net.steps {
		s, st := &net.stages[i], &net.steps[i]
		if s.Layer.View(training) {
			x = x.Reshape(s.Out.Batched(n))
			continue
		}
		y := st.y.Head(n)
		s.Layer.Forward(net.b, y, x, st.p, net.state(i))
		net.trace("the output of ", s.Name, y)
		x = y
	}
	return x
}

// DLogits is where the gradient of the logits (n, Classes) goes between Forward
// and Backward.
func (net *Sequential) DLogits(n int) glyph.Tensor {
	return net.steps[len(net.steps)-1].dy.Head(n)
}

// Backward computes the gradients of all parameters from DLogits, after a
// Forward of the same n in training.
func (net *Sequential) Backward(n int) {
	net.trace("the gradient of the logits", "", net.DLogits(n))
	for i := len(net.steps) - 1; i >= 0 && !net.steps[i].dy.IsZero(); i-- {
		s, st := &net.stages[i], &net.steps[i]
		if st.view {
			continue
		}
		dx := st.dx.Head(n)
		s.Layer.Backward(net.b, dx, st.dy.Head(n), st.y.Head(n), st.x.Head(n), st.p, st.dp, net.state(i))
		for j := range s.Params {
			net.trace("the gradient of ", net.params[st.param+j].Name, st.dp[j])
		}
		net.trace("the gradient of the input of ", s.Name, dx)
	}
}

func (net *Sequential) state(i int) State {
	return State{Clock: net.clock, Seed: net.seed, Index: uint32(i)}
}

func (net *Sequential) trace(what, name string, t glyph.Tensor) {
	if net.Trace != nil && !t.IsZero() {
		net.Trace(what+name, t)
	}
}

// GradientNorm reads ‖g‖₂, over the gradients of all parameters in the last
// step: the penalty L2 of them with λ = 2 is its square. That overflows to +Inf
// from about 1.8e19 on.
func (net *Sequential) GradientNorm() (float64, error) {
	if net.square.IsZero() {
		net.square = glyph.NewTensor(net.b, glyph.Shape{1})
	}
	net.b.L2(net.square, net.G, 2)
	var square [1]float32
	if err := net.b.Read(square[:], net.square); err != nil {
		return 0, err
	}
	return math.Sqrt(float64(square[0])), nil
}
