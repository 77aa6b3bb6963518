package backendtest

import (
	"fmt"
	"math"

	"glyph"
)

// averageLayer is one move of an average of n parameters.
type averageLayer struct {
	n     int
	step  int32
	decay float32
}

func (l averageLayer) average() *Case {
	shape := glyph.Shape{l.n}
	return &Case{
		Op: "MovingAverage", Name: fmt.Sprintf("%d, step %d, decay %v", l.n, l.step, l.decay),
		Tensors: []Operand{state("average", shape, normal(1)), input("w", shape, normal(1))},
		Ints:    []IntsOperand{{Name: "clock", Values: clockAt(l.step, 5)}},
		Call: func(b glyph.Backend, a Args) {
			b.MovingAverage(a.Tensor["average"], a.Tensor["w"], l.decay, a.Ints["clock"])
		},
		Define: l.define,
	}
}

// define is a + s·(w - a) with s = 1 - d, which is the larger of 1 - decay and
// 1 - (1 + step)/(10 + step) = 9/(10 + step). A float32 may round the step; what the
// larger of two is off by is no more than either.
func (l averageLayer) define(in Values) Results {
	step := float64(in.Ints["clock"][glyph.ClockStep])
	slow, early := sub(exact(1), exact(float64(l.decay))), div(exact(9), add(exact(10), rounded(step, 0)))
	share := Number{max(slow.Value, early.Value), max(slow.Error, early.Error)}
	average, w := exactly(in.Tensor["average"]), exactly(in.Tensor["w"])
	for i, a := range average {
		if a != w[i] || math.IsInf(a.Value, 0) { // and else it stays, to the bit
			average[i] = add(a, mul(share, sub(w[i], a)))
		}
	}
	return Results{Tensor: map[string][]Number{"average": average}}
}

func averageCases() (cases []*Case) {
	for i, step := range []int32{0, 1, 8, 9, 1_000_000, math.MaxInt32} {
		for j, decay := range []float32{0, 0.5, 0.999} {
			n := []int{1, 63, 64, 65, 257, 1031, 1024, 33, 17}[(3*i+j)%9] // around a work group and a vector
			cases = append(cases, averageLayer{n, step, decay}.average())
		}
	}
	cases = append(cases,
		averageLayer{300, math.MaxInt32, math.Nextafter32(1, 0)}.average(), // the smallest share there is
		averageLayer{300, 8981, 0.999}.average(),                           // where the two are nearly equal
	)
	c := averageLayer{206_080, 1000, 0.999}.average() // the cnn preset's
	c.Layer = true
	return append(cases, c)
}

// averageStays: the average of weights that don't change equals them, however often it
// is moved.
func averageStays(b glyph.Backend, r *Report) {
	for _, decay := range []float32{0, 0.3, 0.999} {
		c := averageLayer{200, 0, decay}.average()
		in := c.Values()
		in.Tensor["average"] = in.Tensor["w"]
		for step := range int32(20) {
			in.Ints["clock"] = clockAt(step, 0)
			in.Tensor["average"] = evaluate(b, c, in)["average"]
		}
		r.compare(fmt.Sprintf("decay %v", decay), Compare(in.Tensor["average"], exactly(in.Tensor["w"]), roundoff(b)))
	}
}

// averageForgets: while the weights stand still, the share of the average's initial value
// is the product of all d, (1·2·…·9)/((t+1)·…·(t+9)) while d is (1 + step)/(10 + step).
func averageForgets(b glyph.Backend, r *Report) {
	const steps = 6
	c := averageLayer{50, 0, 0.999}.average()
	in := c.Values()
	start, w := in.Tensor["average"], in.Tensor["w"]
	for step := range int32(steps) {
		in.Ints["clock"] = clockAt(step, 0)
		in.Tensor["average"] = evaluate(b, c, in)["average"]
	}
	kept := 1.0
	for k := 1; k <= 9; k++ {
		kept *= float64(k) / float64(steps+k)
	}
	want := make([]Number, len(w))
	for i := range want {
		// Each step rounds the share and three results, and all shrink after.
		want[i] = Number{w[i] + kept*(start[i]-w[i]), 10 * steps * (math.Abs(w[i]) + math.Abs(start[i]))}
	}
	r.compare("average", Compare(in.Tensor["average"], want, roundoff(b)))
}
