package models

import "glyph"

// NamedTensor is a tensor of a network under a name that stays the same from
// run to run: "conv2d_1.weight".
type NamedTensor struct {
	Name   string
	Tensor glyph.Tensor
}

// arena is where the parameters of a network lie: what decays, then what is
// trained without decay, then state, each tensor at a multiple of glyph.Align.
// Between them is padding, which starts as zero. No operation but Optimize ever
// writes it, and Optimize leaves it zero, because its gradient is zero.
type arena struct {
	end     [roles]int // of each role's elements, with padding
	offsets []int      // of each parameter, in the order of the stages
}

func layOut(stages []Stage) arena {
	var a arena
	for _, s := range stages {
		a.offsets = append(a.offsets, make([]int, len(s.Params))...)
	}
	size := 0
	for role := range roles {
		i := 0
		for _, s := range stages {
			for _, p := range s.Params {
				if p.Role == role {
					a.offsets[i] = size
					size += glyph.AlignUp(p.Shape.Size())
				}
				i++
			}
		}
		a.end[role] = size
	}
	return a
}

// size is the elements of all roles.
func (a arena) size() int { return a.end[Kept] }

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
