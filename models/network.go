package models

import (
	"math"

	"glyph"
)

// Network is a graph of layers with all the memory that training it takes. After
// New or Build, Forward and Backward allocate nothing and ask for the same
// operations every time, so a step can be recorded (see glyph.Backend).
type Network struct {
	Spec        Spec        // what New built it from; the zero Spec after Build
	Initializer Initializer // of Init

	// W is the arena of parameters and of state that is not trained, G that of
	// gradients, in one dimension and one layout: what decays is the first Decaying
	// elements, what is trained the first Trained, which is all that G has. After
	// NewInference there is no G.
	W, G              glyph.Tensor
	Decaying, Trained int
	// M and V are the arenas of the optimizer's moments, as long as G, or zero where
	// the rule of AllocMoments keeps none.
	M, V glyph.Tensor

	// Trace, if set, is called with every tensor right after it has been computed:
	// ("the output of dense_1", y), ("the gradient of dense_1.weight", dw) and
	// so on. Buffers are reused, so it has to read the tensor at once.
	Trace func(where string, t glyph.Tensor)

	b             glyph.Backend
	batch         int
	clock         glyph.Ints
	seed          uint64
	stages        []Stage
	steps         []step
	values        []glyph.Tensor // for a full batch; zero where a value is a view of another
	now           []glyph.Tensor // the same in the last Forward
	back          []backStep
	dLogits       glyph.Tensor
	params, grads []NamedTensor
	m, v          glyph.Tensor // moments once allocated
	square        glyph.Tensor // of GradientNorm
}

// step is the tensors of a stage, those of a value as the last call had them.
type step struct {
	Tensors
	param int // index of P[0] in Params
}

// backStep is an operation of the backward pass, for a full batch: the Backward of
// a stage, or a sum of gradients where stage is -1.
type backStep struct {
	stage  int
	dy, dx glyph.Tensor
	sum    [3]glyph.Tensor // sum[0] = sum[1] + sum[2]
}

// Batch is the largest batch size.
func (net *Network) Batch() int { return net.batch }

// Classes is the number of logits.
func (net *Network) Classes() int { return net.stages[len(net.stages)-1].Out[0] }

// Stages is the layers with their names and shapes.
func (net *Network) Stages() []Stage { return net.stages }

// Params lists views of W, one for each tensor of parameters or state, layer by layer.
func (net *Network) Params() []NamedTensor { return net.params }

// Gradients lists views of G under the names of Params; state has none.
func (net *Network) Gradients() []NamedTensor { return net.grads }

// ParamCount is the number of parameters that are trained, without padding.
func (net *Network) ParamCount() int {
	n := 0
	for _, s := range net.stages {
		n += s.ParamCount()
	}
	return n
}

// AllocMoments makes M and V as the rule needs them, all zero.
func (net *Network) AllocMoments(rule glyph.Optimizer) {
	needM, needV := rule.Moments()
	net.M = net.moment(&net.m, needM)
	net.V = net.moment(&net.v, needV)
}

func (net *Network) moment(t *glyph.Tensor, needed bool) glyph.Tensor {
	switch {
	case !needed:
		return glyph.Tensor{}
	case t.IsZero():
		*t = glyph.NewTensor(net.b, net.G.Shape)
	default:
		net.b.Write(*t, make([]float32, t.Size()))
	}
	return *t
}

// SetClock gives the layers with randomness, such as dropout, the clock and the
// seed of a training. Networks without any need none.
func (net *Network) SetClock(clock glyph.Ints, seed uint64) {
	net.clock, net.seed = clock, seed
}

// Input is where the images of a batch of n go: (n, H, W, C).
func (net *Network) Input(n int) glyph.Tensor { return net.values[Input].Head(n) }

// Forward computes the logits (n, Classes) of the first n samples of Input.
func (net *Network) Forward(n int, training bool) (logits glyph.Tensor) {
	net.now[Input] = net.values[Input].Head(n)
	net.trace("the input", "", net.now[Input])
	for i := range net.stages {
		s := &net.stages[i]
		if s.Layer.View(training) {
			net.now[i+1] = net.now[s.Inputs[0]].Reshape(s.Out.Batched(n))
			continue
		}
		net.now[i+1] = net.values[i+1].Head(n)
		s.Layer.Forward(net.b, net.tensors(i, training))
		net.trace("the output of ", s.Name, net.now[i+1])
	}
	return net.now[len(net.stages)]
}

// DLogits is where the gradient of the logits (n, Classes) goes between Forward
// and Backward.
func (net *Network) DLogits(n int) glyph.Tensor { return net.dLogits.Head(n) }

// Backward computes the gradients of all parameters from DLogits, after a
// Forward of the same n in training.
func (net *Network) Backward(n int) {
	net.trace("the gradient of the logits", "", net.DLogits(n))
	for i := range net.back {
		op := &net.back[i]
		if op.stage < 0 {
			net.b.Add(op.sum[0].Head(n), op.sum[1].Head(n), op.sum[2].Head(n), glyph.Activation{})
			continue
		}
		s, t := &net.stages[op.stage], net.tensors(op.stage, true)
		t.DY, t.DX = op.dy.Head(n), op.dx.Head(n)
		s.Layer.Backward(net.b, t)
		param := net.steps[op.stage].param
		for j, dp := range t.DP {
			net.trace("the gradient of ", net.params[param+j].Name, dp)
		}
		net.trace("the gradient of the input of ", s.Name, t.DX)
	}
}

// tensors is what stage i computes with now.
func (net *Network) tensors(i int, training bool) *Tensors {
	t := &net.steps[i].Tensors
	for j, v := range net.stages[i].Inputs {
		t.X[j] = net.now[v]
	}
	t.Y = net.now[i+1]
	t.Training, t.Clock, t.Seed = training, net.clock, net.seed
	return t
}

func (net *Network) trace(what, name string, t glyph.Tensor) {
	if net.Trace != nil && !t.IsZero() {
		net.Trace(what+name, t)
	}
}

// GradientNorm reads ‖g‖₂ over the gradients of all parameters in the last step. It
// is computed as the root of L2 with λ = 2, which overflows to +Inf from a norm of
// about 1.8e19 on.
func (net *Network) GradientNorm() (float64, error) {
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
