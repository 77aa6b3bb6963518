package models

import "glyph"

// NamedTensor is a tensor of a network under a name that stays the same from
// run to run: "conv2d_1.weight".
type NamedTensor struct {
	Name   string
	Tensor glyph.Tensor
}

// arena is where the parameters of a network lie: all weights, then all
// biases, each tensor at a multiple of glyph.Align. Between them is padding,
// which starts as zero. No operation but Optimize ever writes it, and Optimize
// leaves it zero, because its gradient is zero.
type arena struct {
	size    int   // elements, with padding
	weights int   // elements before the first bias
	offsets []int // of each parameter, in the order of the stages
}

func layOut(stages []Stage) arena {
	var a arena
	place := func(weight bool) {
		i := 0
		for _, s := range stages {
			for _, p := range s.Params {
				if p.Weight == weight {
					a.offsets[i] = a.size
					a.size += glyph.AlignUp(p.Shape.Size())
				}
				i++
			}
		}
	}
	for _, s := range stages {
		a.offsets = append(a.offsets, make([]int, len(s.Params))...)
	}
	place(true)
	a.weights = a.size
	place(false)
	return a
}

// tensors is views of the arena for every parameter, in the order of the
// stages.
func (a arena) tensors(t glyph.Tensor, stages []Stage) []NamedTensor {
	named := make([]NamedTensor, 0, len(a.offsets))
	for _, s := range stages {
		for _, p := range s.Params {
			named = append(named, NamedTensor{
				Name:   s.Name + "." + p.Name,
				Tensor: glyph.Tensor{Buf: t.Buf, Off: t.Off + a.offsets[len(named)], Shape: p.Shape},
			})
		}
	}
	return named
}
