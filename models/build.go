package models

import (
	"fmt"

	"glyph"
)

// step is the tensors of a stage in training, for a full batch.
type step struct {
	x, y   glyph.Tensor
	dx, dy glyph.Tensor // zero where not wanted
	p, dp  []glyph.Tensor
	param  int // index of p[0] in Params
	view   bool
}

// New builds the network that spec describes on the backend, for batches of up
// to batch samples. All weights are zero until Init or SetWeights. It fails if
// the spec is invalid or the device runs out of memory.
func New(b glyph.Backend, spec Spec, batch int) (*Sequential, error) {
	spec = spec.WithDefaults()
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	layers, err := spec.Layers()
	if err != nil {
		return nil, err
	}
	net, err := Build(b, spec.InputShape(), layers, batch)
	if err != nil {
		return nil, err
	}
	net.Spec = spec
	net.Initializer, err = ParseInit(spec.Init)
	return net, err
}

// Build is New for an arbitrary list of layers. in is the shape of a sample.
func Build(b glyph.Backend, in glyph.Shape, layers []Layer, batch int) (*Sequential, error) {
	stages, err := Plan(in, layers)
	if err != nil {
		return nil, err
	}
	if batch < 1 {
		return nil, fmt.Errorf("batch must be at least 1, not %d", batch)
	}
	slots := gradientSlots(stages)
	sample := in.Size() + slots.size[0] + slots.size[1]
	for _, s := range stages {
		if !s.Layer.View(true) {
			sample += s.Out.Size()
		}
	}
	if batch > MaxElements/sample {
		return nil, fmt.Errorf("a batch of %d is too large for this network; the largest is %d", batch, MaxElements/sample)
	}

	net := &Sequential{b: b, batch: batch, stages: stages, Initializer: defaultInit}
	a := layOut(stages)
	net.Weights = a.weights
	net.W = glyph.NewTensor(b, glyph.Shape{a.size})
	net.G = glyph.NewTensor(b, glyph.Shape{a.size})
	net.params, net.grads = a.tensors(net.W, stages), a.tensors(net.G, stages)
	net.input = glyph.NewTensor(b, in.Batched(batch))
	net.allocSteps(slots)
	if err := b.Sync(); err != nil {
		return nil, fmt.Errorf("allocating the network: %w", err)
	}
	return net, nil
}

// allocSteps allocates the activations and their gradients. The gradients
// alternate between two buffers, since only one layer's dx and dy are needed at a
// time.
func (net *Sequential) allocSteps(slots slots) {
	net.steps = make([]step, len(net.stages))
	x, param := net.input, 0
	for i, s := range net.stages {
		st := step{x: x, param: param, view: s.Layer.View(true)}
		if st.view {
			st.y = x.Reshape(s.Out.Batched(net.batch))
		} else {
			st.y = glyph.NewTensor(net.b, s.Out.Batched(net.batch))
		}
		for range s.Params {
			st.p = append(st.p, net.params[param].Tensor)
			st.dp = append(st.dp, net.grads[param].Tensor)
			param++
		}
		net.steps[i], x = st, st.y
	}
	var bufs [2]glyph.Buffer
	for i, n := range slots.size {
		if n > 0 {
			bufs[i] = net.b.Alloc(n * net.batch)
		}
	}
	for i := slots.first; i < len(net.stages); i++ {
		st := &net.steps[i]
		st.dy = glyph.Tensor{Buf: bufs[slots.dy[i]], Shape: st.y.Shape}
		if i > slots.first {
			st.dx = glyph.Tensor{Buf: bufs[slots.dy[i-1]], Shape: st.x.Shape}
		}
	}
}

// slots says which of two buffers holds the gradient of each stage's output.
type slots struct {
	first int    // the first stage with parameters; those before it need no gradient
	dy    []int  // of each stage, 0 or 1
	size  [2]int // elements per sample
}

func gradientSlots(stages []Stage) slots {
	s := slots{dy: make([]int, len(stages))}
	for len(stages[s.first].Params) == 0 {
		s.first++
	}
	slot := 0
	for i := len(stages) - 1; i >= s.first; i-- {
		s.dy[i] = slot
		s.size[slot] = max(s.size[slot], stages[i].Out.Size())
		if !stages[i].Layer.View(true) {
			slot = 1 - slot
		}
	}
	return s
}
