package backendtest

import (
	"fmt"

	"glyph"
)

// advanceCase is Advance after a batch of n, with log, hits and penalty or
// some of them.
func advanceCase(n, rows int, step, row int32, with ...string) *Case {
	c := &Case{
		Op: "Advance", Name: fmt.Sprintf("%d step %d of %d rows, row %d: loss %s", n, step, rows, row, wanted(with)),
		Tensors: []Operand{input("loss", glyph.Shape{n}, uniform(0, 3))},
		Ints:    []IntsOperand{{Name: "clock", Values: clockAt(step, row), Result: true}},
		Call: func(b glyph.Backend, a Args) {
			t := a.Tensor
			b.Advance(a.Ints["clock"], t["log"], t["loss"], t["hits"], t["penalty"])
		},
		Define: func(in Values) Results { return defineAdvance(in, n) },
	}
	for _, name := range with {
		c.Tensors = append(c.Tensors, map[string]Operand{
			"log":     state("log", glyph.Shape{rows, glyph.LogLen}, normal(1)),
			"hits":    input("hits", glyph.Shape{n}, coin),
			"penalty": input("penalty", glyph.Shape{1}, uniform(0, 1)),
		}[name])
	}
	return c
}

func coin(r *glyph.Rand, v []float64, _ Values) {
	for i := range v {
		v[i] = float64(r.IntN(2))
	}
}

func defineAdvance(in Values, n int) Results {
	step, row := in.Ints["clock"][glyph.ClockStep], in.Ints["clock"][glyph.ClockRow]
	r := Results{Ints: map[string][]int32{"clock": clockAt(step+1, row+int32(n))}}
	if before, ok := in.Tensor["log"]; ok {
		log := exactly(before)
		var loss, hits sum
		for _, v := range in.Tensor["loss"] {
			loss.term(v)
		}
		for _, v := range in.Tensor["hits"] {
			hits.term(v)
		}
		mean := div(loss.number(), exact(float64(n)))
		if p, ok := in.Tensor["penalty"]; ok {
			mean = add(mean, exact(p[0]))
		}
		at := int(step) % (len(log) / glyph.LogLen) * glyph.LogLen
		log[at+glyph.LogLoss] = mean
		log[at+glyph.LogHits] = exact(hits.number().Value) // integers
		r.Tensor = map[string][]Number{"log": log}
	}
	return r
}

func advanceCases() (cases []*Case) {
	for _, with := range choices("log", "hits", "penalty") {
		cases = append(cases, advanceCase(16, 4, 2, 32, with...))
	}
	for i, n := range []int{1, 7, 10, 63, 64, 65, 128, 257, 1031} {
		cases = append(cases, advanceCase(n, i+1, int32(5*i), int32(n*i), "log", "hits", "penalty"))
	}
	return append(cases, advanceCase(8, 1000, 1<<30, 1<<30, "log", "hits"))
}
