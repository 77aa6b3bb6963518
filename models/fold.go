package models

import (
	"math"
	"slices"

	"glyph"
)

// Fold returns a network that evaluates as that of these stages and weights does, with
// fewer layers: where a convolution without an activation is read only by a batch
// normalisation, the convolution takes over the normalisation's factor and shift
// (Jacob et al. 2018, §3.2).
//
//	γ/√(variance + ε)·(w∗x + b - mean) + β = w'∗x + b'
//	w' = γ/√(variance + ε)·w   b' = γ/√(variance + ε)·(b - mean) + β
//
// A normalisation before a convolution stays, since an activation lies between
// them, and so does one with which the weights would leave the range of float32. Layers
// keep their names. Numbers are computed in float64 and rounded once. It fails as
// Network.SetWeights does.
func Fold(stages []Stage, arrays []NamedArray) ([]Stage, []NamedArray, error) {
	matched, err := match(layOut(stages).tensors(glyph.Tensor{}, stages), arrays)
	if err != nil {
		return nil, nil, err
	}
	readers := make([]int, len(stages)+1)
	for _, s := range stages {
		for _, v := range s.Inputs {
			readers[v]++
		}
	}
	f := folder{values: []Value{Input}}
	for _, s := range stages {
		params := matched[:len(s.Params)]
		matched = matched[len(s.Params):]
		if from := s.Inputs[0]; from > 0 && readers[from] == 1 && f.into(f.values[from], s, params) {
			f.values = append(f.values, f.values[from])
			continue
		}
		s.Inputs = slices.Clone(s.Inputs)
		for j, v := range s.Inputs {
			s.Inputs[j] = f.values[v]
		}
		f.stages, f.params = append(f.stages, s), append(f.params, params)
		f.values = append(f.values, Value(len(f.stages)))
	}
	return f.stages, slices.Concat(f.params...), nil
}

// folder is the network that Fold has built so far.
type folder struct {
	stages []Stage
	params [][]NamedArray // of each stage
	values []Value        // what each value of the old network is in the new one
}

// into folds a stage into the one whose output it takes, if that can be.
func (f *folder) into(v Value, s Stage, params []NamedArray) bool {
	norm, ok := s.Layer.(BatchNorm2D)
	if !ok {
		return false
	}
	to := &f.stages[v-1]
	conv, ok := to.Layer.(Conv2D)
	if !ok || conv.Activation.Kind != glyph.None {
		return false
	}
	folded, ok := norm.foldInto(f.params[v-1], params)
	if !ok {
		return false
	}
	conv.NoBias, conv.Activation = false, norm.Activation
	to.Layer, to.Params = conv, conv.Params(to.In)
	folded[0].Name, folded[1].Name = to.Name+"."+to.Params[0].Name, to.Name+"."+to.Params[1].Name
	f.params[v-1] = folded
	return true
}

// foldInto is the weight and the bias of a convolution, which need not have had one,
// with the normalisation of its output in them. It reports false if they would not be
// finite.
func (n BatchNorm2D) foldInto(conv, params []NamedArray) ([]NamedArray, bool) {
	w := conv[0]
	filters := w.Shape[0]
	weight := NamedArray{Shape: w.Shape, Data: make([]float32, len(w.Data))}
	bias := NamedArray{Shape: []int{filters}, Data: make([]float32, filters)}
	size := len(w.Data) / filters
	for k := range filters {
		factor := float64(params[gamma].Data[k]) / math.Sqrt(float64(params[runningVar].Data[k])+float64(n.Norm.Eps))
		b := 0.0
		if len(conv) > 1 {
			b = float64(conv[1].Data[k])
		}
		bias.Data[k] = float32(factor*(b-float64(params[runningMean].Data[k])) + float64(params[beta].Data[k]))
		for i, v := range w.Data[k*size:][:size] {
			weight.Data[k*size+i] = float32(factor * float64(v))
		}
	}
	return []NamedArray{weight, bias}, finite(weight.Data) && finite(bias.Data)
}

func finite(list []float32) bool {
	return !slices.ContainsFunc(list, func(v float32) bool { return math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) })
}
