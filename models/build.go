package models

import (
	"fmt"

	"glyph"
)

// New builds the network that spec describes on the backend, for batches of up
// to batch samples. All weights are zero until Init or SetWeights. It fails if
// the spec is invalid or the device runs out of memory.
func New(b glyph.Backend, spec Spec, batch int) (*Network, error) {
	return build(b, spec, batch, true)
}

// NewInference is New for a network that only evaluates. It can't train, and takes
// less memory, because outputs that are no longer needed give theirs to later ones.
func NewInference(b glyph.Backend, spec Spec, batch int) (*Network, error) {
	return build(b, spec, batch, false)
}

// NewFolded is NewInference for a network with these weights, after Fold has
// simplified it. Its Spec is zero, since its layers are not those of spec.
func NewFolded(b glyph.Backend, spec Spec, arrays []NamedArray, batch int) (*Network, error) {
	stages, err := spec.Plan()
	if err != nil {
		return nil, err
	}
	if stages, arrays, err = Fold(stages, arrays); err != nil {
		return nil, err
	}
	net, err := buildStages(b, spec.InputShape(), stages, batch, false)
	if err != nil {
		return nil, err
	}
	return net, net.SetWeights(arrays)
}

func build(b glyph.Backend, spec Spec, batch int, training bool) (*Network, error) {
	spec = spec.WithDefaults()
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	g, err := spec.Graph()
	if err != nil {
		return nil, err
	}
	net, err := buildGraph(b, spec.InputShape(), g, batch, training)
	if err != nil {
		return nil, err
	}
	net.Spec = spec
	net.Initializer, err = ParseInit(spec.Init)
	return net, err
}

// Build is New for an arbitrary graph. in is the shape of a sample, (H, W, C).
func Build(b glyph.Backend, in glyph.Shape, g Graph, batch int) (*Network, error) {
	return buildGraph(b, in, g, batch, true)
}

func buildGraph(b glyph.Backend, in glyph.Shape, g Graph, batch int, training bool) (*Network, error) {
	stages, err := Plan(in, g)
	if err != nil {
		return nil, err
	}
	return buildStages(b, in, stages, batch, training)
}

func buildStages(b glyph.Backend, in glyph.Shape, stages []Stage, batch int, training bool) (*Network, error) {
	if batch < 1 {
		return nil, fmt.Errorf("batch must be at least 1, not %d", batch)
	}
	m := planMemory(stages, training)
	if sample := in.Size() + m.sample(); batch > MaxElements/sample {
		return nil, fmt.Errorf("a batch of %d is too large for this network; the largest is %d", batch, MaxElements/sample)
	}
	net := &Network{b: b, batch: batch, stages: stages, Initializer: defaultInit}
	net.allocParams(layOut(stages), training)
	net.allocValues(in, m)
	if err := b.Sync(); err != nil {
		return nil, fmt.Errorf("allocating the network: %w", err)
	}
	return net, nil
}

// allocParams allocates the arenas, and gives every stage its parameters.
func (net *Network) allocParams(a arena, training bool) {
	net.Decaying, net.Trained = a.end[Decays], a.end[Trained]
	net.W = glyph.NewTensor(net.b, glyph.Shape{a.size()})
	if training {
		net.G = glyph.NewTensor(net.b, glyph.Shape{net.Trained})
	}
	net.params = a.tensors(net.W, net.stages)
	grads := a.tensors(net.G, net.stages)
	net.steps = make([]step, len(net.stages))
	param := 0
	for i, s := range net.stages {
		st := &net.steps[i]
		st.param = param
		for _, p := range s.Params {
			dp := glyph.Tensor{}
			if p.Role != Kept && training {
				dp = grads[param].Tensor
				net.grads = append(net.grads, grads[param])
			}
			st.P, st.DP = append(st.P, net.params[param].Tensor), append(st.DP, dp)
			param++
		}
	}
}

// allocValues allocates the outputs and their gradients where the plan has them.
func (net *Network) allocValues(in glyph.Shape, m memory) {
	places := make([]glyph.Buffer, len(m.size))
	for i, n := range m.size {
		places[i] = net.b.Alloc(n * net.batch)
	}
	at := func(place int, sample glyph.Shape) glyph.Tensor {
		if place < 0 {
			return glyph.Tensor{}
		}
		return glyph.Tensor{Buf: places[place], Shape: sample.Batched(net.batch)}
	}
	shape := func(v Value) glyph.Shape { return shapeOf(net.stages, v) }

	net.values = []glyph.Tensor{glyph.NewTensor(net.b, in.Batched(net.batch))}
	for i, s := range net.stages {
		net.values = append(net.values, at(m.output[i], s.Out))
		st := &net.steps[i]
		st.Index, st.X = uint32(i), make([]glyph.Tensor, len(s.Inputs))
		if k, ok := s.Layer.(Keeper); ok && !net.G.IsZero() {
			for _, shape := range k.Keeps(s.In) {
				st.Kept = append(st.Kept, glyph.NewTensor(net.b, shape))
			}
		}
	}
	net.now = make([]glyph.Tensor, len(net.values))
	for _, op := range m.back {
		if op.stage < 0 {
			s := shape(op.value)
			net.back = append(net.back, backStep{stage: -1, sum: [3]glyph.Tensor{at(op.sum[0], s), at(op.sum[1], s), at(op.sum[2], s)}})
			continue
		}
		s := net.stages[op.stage]
		net.back = append(net.back, backStep{stage: op.stage, dy: at(op.dy, s.Out), dx: at(op.dx, s.In)})
	}
	net.dLogits = at(m.loss, shape(Value(len(net.stages))))
}
