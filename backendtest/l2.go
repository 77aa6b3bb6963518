package backendtest

import (
	"fmt"

	"glyph"
)

// l2Case is L2 of n weights. Its terms are all positive, so the errors of a
// running float32 sum do not average out: 8u asks for partial sums, or for a
// wider accumulator.
func l2Case(n int, lambda float32) *Case {
	return &Case{
		Op: "L2", Name: fmt.Sprintf("%d lambda %g", n, lambda),
		Tensors: []Operand{result("penalty", glyph.Shape{1}), input("w", glyph.Shape{n}, normal(1))},
		Call: func(b glyph.Backend, a Args) {
			b.L2(a.Tensor["penalty"], a.Tensor["w"], lambda)
		},
		Define: func(in Values) Results {
			var s sum
			for _, w := range in.Tensor["w"] {
				s.term(w * w)
			}
			penalty := mul(exact(float64(lambda)/2), s.number())
			return Results{Tensor: map[string][]Number{"penalty": {penalty}}}
		},
	}
}

func l2Cases() (cases []*Case) {
	for _, n := range []int{1, 2, 7, 63, 64, 65, 255, 256, 257, 1031, 16389, 131_071} {
		cases = append(cases, l2Case(n, 1e-3))
	}
	layer := l2Case(784*256+256*10, 1e-4)
	layer.Layer = true
	return append(cases, l2Case(100, 0), layer)
}
