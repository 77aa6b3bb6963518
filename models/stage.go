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
	In, Out glyph.Shape // of one sample
	Params  []Param
	// TrainingFLOPs is the floating-point operations of a sample's forward and
	// backward pass: the forward pass again for each of dw and dx, but no dx
	// for the first layer with parameters.
	TrainingFLOPs int
}

// ParamCount is the number of parameters of the layer.
func (s Stage) ParamCount() int {
	n := 0
	for _, p := range s.Params {
		n += p.Shape.Size()
	}
	return n
}

// Plan follows the shape of a sample through the layers. Its error names the layer
// that doesn't fit. A network has at least one layer with parameters and ends in
// one dimension, a number per class.
func Plan(in glyph.Shape, layers []Layer) ([]Stage, error) {
	if n := elements(in); n < 1 || n > MaxElements {
		return nil, fmt.Errorf("an input of the shape %v is empty or too large", in)
	}
	stages := make([]Stage, len(layers))
	numbers := map[string]int{}
	params := 0
	for i, layer := range layers {
		kind := layer.Kind()
		numbers[kind]++
		s := Stage{Name: fmt.Sprintf("%s_%d", kind, numbers[kind]), Layer: layer, In: in}
		var err error
		if s.Out, err = layer.Output(in); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		}
		if elements(s.Out) > MaxElements {
			return nil, fmt.Errorf("%s: an output of the shape %v is too large", s.Name, s.Out)
		}
		s.Params = layer.Params(in)
		s.TrainingFLOPs = layer.FLOPs(in)
		if len(s.Params) > 0 {
			s.TrainingFLOPs *= 2
		}
		if params > 0 {
			s.TrainingFLOPs += layer.FLOPs(in)
		}
		for _, p := range s.Params {
			if params += elements(p.Shape); params > MaxParams {
				return nil, fmt.Errorf("%s: the network would have more than %s parameters", s.Name, message.Thousands(MaxParams))
			}
		}
		stages[i], in = s, s.Out
	}
	if params == 0 {
		return nil, errors.New("a network needs a layer with parameters")
	}
	if in.Rank() != 1 {
		return nil, fmt.Errorf("the network ends in the shape %v, not in one number per class", in)
	}
	return stages, nil
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
