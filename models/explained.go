package models

import (
	"slices"

	"glyph"
)

// NewExplained is NewFolded for a network that also computes the gradient of its
// input; see Network.InputGradient and Predictor.Explain. It takes the memory of an image
// in training, and none for gradients of parameters.
func NewExplained(b glyph.Backend, spec Spec, arrays []NamedArray, batch int) (*Network, error) {
	stages, err := spec.Plan()
	if err != nil {
		return nil, err
	}
	if stages, arrays, err = Fold(stages, arrays); err != nil {
		return nil, err
	}
	stages, arrays = fixed(stages, arrays)
	net, err := buildStages(b, spec.InputShape(), stages, batch, explanation)
	if err != nil {
		return nil, err
	}
	return net, net.SetWeights(arrays)
}

// fixed is a network, with its weights in the order of the stages, that computes in
// training what these stages compute in evaluation, so that its backward pass is
// that of an evaluation: without dropout, and with a 1×1 convolution in place of each
// normalisation by running averages.
//
//	act(γ/√(variance + ε)·(x - mean) + β) = act(w∗x + b)
//	w = diag(γ/√(variance + ε))   b = β - γ/√(variance + ε)·mean
func fixed(stages []Stage, arrays []NamedArray) (to []Stage, weights []NamedArray) {
	values := []Value{Input}
	for _, s := range stages {
		params := arrays[:len(s.Params)]
		arrays = arrays[len(s.Params):]
		if _, drops := s.Layer.(Dropout); drops {
			values = append(values, values[s.Inputs[0]])
			continue
		}
		s.Inputs = slices.Clone(s.Inputs)
		for j, v := range s.Inputs {
			s.Inputs[j] = values[v]
		}
		if norm, ok := s.Layer.(BatchNorm2D); ok {
			conv := Conv2D{Filters: s.In[2], Kernel: 1, Conv: glyph.Conv{Stride: 1}, Activation: norm.Activation}
			params = norm.diagonal(params)
			s.Layer, s.Params = conv, conv.Params(s.In)
			for i := range params {
				params[i].Name = s.Name + "." + s.Params[i].Name
			}
		}
		to, weights = append(to, s), append(weights, params...)
		values = append(values, Value(len(to)))
	}
	return to, weights
}

// diagonal is the weight and the bias of a 1×1 convolution that normalises by the
// running averages: of one that changes nothing, with the normalisation folded into it.
func (n BatchNorm2D) diagonal(params []NamedArray) []NamedArray {
	c := len(params[gamma].Data)
	identity := NamedArray{Shape: []int{c, 1, 1, c}, Data: make([]float32, c*c)}
	for k := range c {
		identity.Data[k*c+k] = 1
	}
	folded, _ := n.foldInto([]NamedArray{identity}, params)
	return folded
}
