package models

import (
	"fmt"

	"glyph"
)

// Probe runs one image through a network with the weights that it has at the time, as
// an evaluation does, and keeps the output of every layer and its gradient side by
// side, to be looked at. It changes nothing of the network.
type Probe struct {
	// Arena is the memory of all outputs and gradients, each at a multiple of
	// glyph.Align.
	Arena glyph.Tensor

	b         glyph.Backend
	stages    []Stage
	steps     []step
	values    []glyph.Tensor // a view has the memory of what it views
	gradients []glyph.Tensor // of the values
	back      []backStep
	scratch   glyph.Tensor // of batch normalisation
	zeros     glyph.Tensor
}

// Probe makes a probe of the network, on its backend. It fails if the device runs out
// of memory.
func (net *Network) Probe() (*Probe, error) {
	plan := tape{stages: net.stages, reads: make([]int, len(net.stages)+1)}
	plan.forward(false)
	input := plan.backward(true)
	plan.total[Input] = input
	p := &Probe{b: net.b, stages: net.stages}
	a := &p.Arena
	place := func(size int) glyph.Tensor {
		t := glyph.Tensor{Off: a.Shape[0], Shape: glyph.Shape{size}}
		a.Shape[0] += glyph.AlignUp(size)
		return t
	}
	p.values = []glyph.Tensor{place(net.Input(1).Size())}
	widest, channels := 0, 1
	for i, s := range net.stages {
		if root := plan.roots[i+1]; root != Value(i+1) {
			p.values = append(p.values, p.values[root])
		} else {
			p.values = append(p.values, place(s.Out.Size()))
		}
		if _, ok := s.Layer.(BatchNorm2D); ok {
			widest, channels = max(widest, s.Out.Size()), max(channels, s.Out[2])
		}
	}
	var gradients []glyph.Tensor
	for _, g := range plan.gradients {
		gradients = append(gradients, place(g.size))
	}
	p.Arena = glyph.NewTensor(net.b, a.Shape)
	if widest > 0 {
		p.scratch, p.zeros = glyph.NewTensor(net.b, glyph.Shape{widest}), glyph.NewTensor(net.b, glyph.Shape{channels})
	}
	p.place(plan, net, gradients)
	if err := net.b.Sync(); err != nil {
		return nil, fmt.Errorf("allocating a probe of the network: %w", err)
	}
	return p, nil
}

// place gives the tensors their memory and shapes.
func (p *Probe) place(plan tape, net *Network, gradients []glyph.Tensor) {
	view := func(t glyph.Tensor, sample glyph.Shape) glyph.Tensor {
		return glyph.Tensor{Buf: p.Arena.Buf, Off: t.Off, Shape: sample.Batched(1)}
	}
	of := func(gradient int, sample glyph.Shape) glyph.Tensor {
		if gradient < 0 {
			return glyph.Tensor{}
		}
		return view(gradients[gradient], sample)
	}
	p.values[Input] = view(p.values[Input], net.Input(1).Shape.Sample())
	p.gradients = []glyph.Tensor{of(plan.total[Input], p.stages[0].In)}
	for i, s := range p.stages {
		p.values[i+1] = view(p.values[i+1], s.Out)
		p.gradients = append(p.gradients, of(plan.total[i+1], s.Out))
		st := step{Tensors: Tensors{P: net.steps[i].P, DP: make([]glyph.Tensor, len(s.Params)), Index: uint32(i), Y: p.values[i+1]}}
		for _, v := range s.Inputs {
			st.X = append(st.X, p.values[v])
		}
		p.steps = append(p.steps, st)
	}
	for _, op := range plan.ops {
		b := backStep{stage: op.stage}
		if op.stage < 0 {
			for j, g := range op.sum {
				b.sum[j] = of(g, shapeOf(p.stages, op.value))
			}
		} else {
			b.dy, b.dx = of(op.dy, p.stages[op.stage].Out), of(op.dx, p.stages[op.stage].In)
		}
		p.back = append(p.back, b)
	}
}

// Input is where the image goes: (1, H, W, C).
func (p *Probe) Input() glyph.Tensor { return p.values[Input] }

// Logits is the output of the network: (1, Classes).
func (p *Probe) Logits() glyph.Tensor { return p.values[len(p.stages)] }

// Output is the output of stage i.
func (p *Probe) Output(i int) glyph.Tensor { return p.values[i+1] }

// InputGradient is the gradient of the loss by the image.
func (p *Probe) InputGradient() glyph.Tensor { return p.gradients[Input] }

// Gradient is the gradient of the loss by the output of stage i. That of the last stage
// is where the caller puts it, between Forward and Backward.
func (p *Probe) Gradient(i int) glyph.Tensor { return p.gradients[i+1] }

// Views reports whether the output of stage i is that of the one before, possibly with
// another shape.
func (p *Probe) Views(i int) bool { return p.stages[i].Layer.View(false) }

// Forward computes the outputs, and returns the logits.
func (p *Probe) Forward() (logits glyph.Tensor) {
	for i, s := range p.stages {
		if !p.Views(i) {
			s.Layer.Forward(p.b, &p.steps[i].Tensors)
		}
	}
	return p.Logits()
}

// Backward computes the gradients of the outputs. That of a batch normalisation is by
// its running statistics.
func (p *Probe) Backward() {
	for _, op := range p.back {
		if op.stage < 0 {
			p.b.Add(op.sum[0], op.sum[1], op.sum[2], glyph.Activation{})
			continue
		}
		t := &p.steps[op.stage].Tensors
		t.DY, t.DX = op.dy, op.dx
		switch l := p.stages[op.stage].Layer.(type) {
		case Dropout:
			p.b.Copy(t.DX, t.DY)
		case BatchNorm2D:
			l.inferenceBackward(p.b, t, p.scratch.Head(t.DX.Size()).Reshape(t.DX.Shape), p.zeros.Head(t.DX.Shape[3]))
		default:
			l.Backward(p.b, t)
		}
	}
}
