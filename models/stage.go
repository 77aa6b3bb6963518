package models

import (
	"errors"
	"fmt"

	"glyph/internal/message"

	"glyph"
)

// Limits on what a network may ask for, so that a mistyped size is an error
// and not an exhausted machine.
const (
	// MaxParams is the largest number of parameters: 1 GiB of float32 per arena.
	MaxParams = 1 << 28
	// MaxElements is the most numbers that the activations of a batch and
	// their gradients may have together: 4 GiB of float32, and what a shader
	// can index with 32-bit integers.
	MaxElements = 1 << 30
)

// Stage is a layer in its place in a network.
type Stage struct {
	Name    string // the kind and a number: "conv2d_1" is the first convolution
	Layer   Layer
	Inputs  []Value
	In, Out glyph.Shape // of one sample; In is that of every input
	Params  []Param
	// TrainingFLOPs is the floating-point operations of a sample's forward and
	// backward pass: the forward pass again for each of dw and dx, but no dx
	// where no parameters lie before the layer.
	TrainingFLOPs int
}

// ParamCount is the number of parameters of the layer that are trained.
func (s Stage) ParamCount() int {
	n := 0
	for _, p := range s.Params {
		if p.Role != Kept {
			n += p.Shape.Size()
		}
	}
	return n
}

// Plan follows the shape of a sample through the graph. Its error names the layer
// that doesn't fit. A network has at least one layer with parameters and ends in
// one dimension, a number per class.
func Plan(in glyph.Shape, g Graph) ([]Stage, error) {
	if n := elements(in); n < 1 || n > MaxElements {
		return nil, fmt.Errorf("an input of the shape %v is empty or too large", in)
	}
	p := planner{shapes: []glyph.Shape{in}, trained: []bool{false}, numbers: map[string]int{}, used: make([]bool, len(g)+1)}
	for _, n := range g {
		if err := p.add(n); err != nil {
			return nil, err
		}
	}
	if p.params == 0 {
		return nil, errors.New("a network needs a layer with parameters")
	}
	for v, used := range p.used[1:len(g)] {
		if !used {
			return nil, fmt.Errorf("%s: no layer takes its output", p.stages[v].Name)
		}
	}
	if out := p.shapes[len(g)]; out.Rank() != 1 {
		return nil, fmt.Errorf("the network ends in the shape %v, not in one number per class", out)
	}
	if !p.trained[len(g)] {
		return nil, errors.New("the output of the network depends on no parameters")
	}
	return p.stages, nil
}

// planner follows shapes through a graph, node by node.
type planner struct {
	stages  []Stage
	shapes  []glyph.Shape // of every value
	trained []bool        // whether parameters lie before a value
	used    []bool        // whether a layer takes it
	numbers map[string]int
	params  int
}

func (p *planner) add(n Node) error {
	kind := n.Layer.Kind()
	p.numbers[kind]++
	s := Stage{Name: fmt.Sprintf("%s_%d", kind, p.numbers[kind]), Layer: n.Layer, Inputs: n.Inputs}
	failed := func(err error) error { return fmt.Errorf("%s: %w", s.Name, err) }
	before, err := p.inputs(n)
	if err != nil {
		return failed(err)
	}
	s.In = p.shapes[n.Inputs[0]]
	if s.Out, err = n.Layer.Output(s.In); err != nil {
		return failed(err)
	}
	if elements(s.Out) > MaxElements {
		return failed(fmt.Errorf("an output of the shape %v is too large", s.Out))
	}
	s.Params = n.Layer.Params(s.In)
	s.TrainingFLOPs = n.Layer.FLOPs(s.In)
	if len(s.Params) > 0 {
		s.TrainingFLOPs *= 2
	}
	if before {
		s.TrainingFLOPs += n.Layer.FLOPs(s.In)
	}
	for _, param := range s.Params {
		if p.params += elements(param.Shape); p.params > MaxParams {
			return failed(fmt.Errorf("the network would have more than %s parameters", message.Thousands(MaxParams)))
		}
	}
	p.stages = append(p.stages, s)
	p.shapes = append(p.shapes, s.Out)
	p.trained = append(p.trained, before || len(s.Params) > 0)
	return nil
}

// inputs checks what a node takes, and reports whether parameters lie before it.
func (p *planner) inputs(n Node) (trained bool, err error) {
	want := 1
	if m, ok := n.Layer.(Merger); ok {
		want = m.Inputs()
	}
	if len(n.Inputs) != want {
		return false, fmt.Errorf("it takes %s, not %d", message.Count(want, "input"), len(n.Inputs))
	}
	for _, v := range n.Inputs {
		if v < 0 || int(v) >= len(p.shapes) {
			return false, fmt.Errorf("its input is value %d, which comes after it or nowhere", v)
		}
		if first := p.shapes[n.Inputs[0]]; p.shapes[v] != first {
			return false, fmt.Errorf("its inputs are %v and %v, not of one shape", first, p.shapes[v])
		}
		p.used[v] = true
		trained = trained || p.trained[v]
	}
	return trained, nil
}

// elements is s.Size(), or more than any limit where that would overflow.
func elements(s glyph.Shape) int {
	n := min(1, s.Rank())
	for _, d := range s[:s.Rank()] {
		if d < 1 {
			return 0
		}
		if n > MaxElements/d {
			return MaxElements + 1
		}
		n *= d
	}
	return n
}
