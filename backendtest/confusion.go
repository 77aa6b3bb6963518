package backendtest

import (
	"fmt"
	"math"

	"glyph"
)

// confusionCase is Confusion of n rows, added to counts that are not zero.
func confusionCase(n, classes int, logits Fill, what string) *Case {
	counts := make([]int32, classes*classes)
	for i := range counts {
		counts[i] = int32(i % 5)
	}
	rows := glyph.Shape{n, classes}
	return &Case{
		Op: "Confusion", Name: fmt.Sprintf("%dx%d%s", n, classes, what),
		Tensors: []Operand{input("logits", rows, logits), input("t", rows, oneHot(classes, 0.1))},
		Ints:    []IntsOperand{{Name: "counts", Values: counts, Result: true}},
		Call: func(b glyph.Backend, a Args) {
			b.Confusion(a.Ints["counts"], a.Tensor["logits"], a.Tensor["t"])
		},
		Define: func(in Values) Results {
			counts := append([]int32(nil), in.Ints["counts"]...)
			for i := range n {
				label := argmax(in.Tensor["t"][i*classes:][:classes])
				prediction := argmax(in.Tensor["logits"][i*classes:][:classes])
				if prediction >= 0 {
					counts[label*classes+prediction]++
				}
			}
			return Results{Ints: map[string][]int32{"counts": counts}}
		},
	}
}

func confusionCases() (cases []*Case) {
	for _, d := range [][2]int{{1, 1}, {1, 2}, {5, 3}, {16, 10}, {65, 7}, {128, 10}, {1000, 10}, {33, 49}} {
		cases = append(cases, confusionCase(d[0], d[1], normal(1), ""))
	}
	return append(cases,
		confusionCase(100, 4, few, " ties"),
		confusionCase(60, 5, special, " NaN and Inf"),
		confusionCase(9, 4, normal(0), " all equal"),
		confusionCase(3, 3, these(math.NaN(), 0, 0, 0, math.NaN(), 0, 0, 0, math.NaN()), " NaN"),
	)
}
