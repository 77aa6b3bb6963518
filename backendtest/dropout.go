package backendtest

import (
	"fmt"
	"math"

	"glyph"
)

// dropoutCase is Dropout of n elements: the mask exactly, and one rounding of
// the product where an element is kept.
func dropoutCase(n int, m glyph.Mask, step int32, fill Fill) *Case {
	shape := glyph.Shape{n}
	return &Case{
		Op: "Dropout", Name: fmt.Sprintf("%d rate %g seed %d id %d step %d", n, m.Rate, m.Seed, m.ID, step),
		Tensors: []Operand{result("y", shape), input("x", shape, fill)},
		Ints:    []IntsOperand{{Name: "clock", Values: clockAt(step, 3)}},
		Call: func(b glyph.Backend, a Args) {
			b.Dropout(a.Tensor["y"], a.Tensor["x"], m, a.Ints["clock"])
		},
		Define: func(in Values) Results {
			x, y := in.Tensor["x"], make([]Number, n)
			for i := range y {
				if m.Keeps(i, in.Ints["clock"][glyph.ClockStep]) {
					y[i] = mul(exact(x[i]), exact(float64(m.Scale())))
				}
			}
			return Results{Tensor: map[string][]Number{"y": y}}
		},
	}
}

func dropoutCases() (cases []*Case) {
	for i, n := range []int{1, 2, 3, 4, 5, 7, 31, 64, 127, 129, 1000, 16383, 33001} {
		rate := []float32{0.5, 0.25, 0.1, 0.9}[i%4]
		cases = append(cases, dropoutCase(n, glyph.Mask{Rate: rate, Seed: uint64(i), ID: uint32(i % 3)}, int32(i%5), normal(1)))
	}
	for _, m := range []glyph.Mask{
		{Rate: 0},
		{Rate: 0x1p-32},    // a threshold of 1
		{Rate: 1 - 0x1p-8}, // and nearly all
		{Rate: 0.5, Seed: 0xfedc_ba98_7654_3210, ID: 0xffff_ffff},
	} {
		cases = append(cases, dropoutCase(257, m, 0, normal(1)), dropoutCase(257, m, math.MaxInt32, normal(1)))
	}
	// What is dropped is 0, not 0·x.
	cases = append(cases, dropoutCase(203, glyph.Mask{Rate: 0.5, ID: 77}, 2, special))
	layer := dropoutCase(128*12544, glyph.Mask{Rate: 0.25}, 0, normal(1)) // of kmnist-benchmark
	layer.Layer = true
	return append(cases, layer)
}

// dropoutMasks: forward and backward drop the same, another step and another
// layer drop others, and the rate is what it says.
func dropoutMasks(b glyph.Backend, r *Report) {
	const n, rate = 40_000, 0.3
	m := glyph.Mask{Rate: rate, Seed: 11, ID: 4}
	ones := func(*glyph.Rand, []float64, Values) {}
	dropped := func(m glyph.Mask, step int32) (mask []bool, count int) {
		c := dropoutCase(n, m, step, ones)
		in := c.Values()
		for i := range in.Tensor["x"] {
			in.Tensor["x"][i] = 1
		}
		mask = make([]bool, n)
		for i, y := range evaluate(b, c, in)["y"] {
			if mask[i] = y == 0; mask[i] {
				count++
			}
			if mask[i] == m.Keeps(i, step) {
				r.failf("step %d: element %d is dropped: %t", step, i, mask[i])
				break
			}
		}
		return mask, count
	}
	// Five standard deviations of a binomial count.
	const spread = 5 * 0.46 * 200
	first, count := dropped(m, 6)
	if math.Abs(float64(count)-rate*n) > spread {
		r.failf("%d of %d dropped, want %g ± %g", count, n, rate*n, spread)
	}
	again, _ := dropped(m, 6)
	next, _ := dropped(m, 7)
	m.ID++
	other, _ := dropped(m, 6)
	// Independent masks agree in p² + (1-p)² = 58 % of the elements.
	for what, mask := range map[string][]bool{"next step": next, "other layer": other} {
		if same := agreement(first, mask); math.Abs(float64(same)-0.58*n) > 5*0.5*200 {
			r.failf("the mask of the %s agrees in %d of %d", what, same, n)
		}
	}
	if agreement(first, again) != n {
		r.failf("the mask of a step differs from call to call")
	}
}

func agreement(a, b []bool) (n int) {
	for i := range a {
		if a[i] == b[i] {
			n++
		}
	}
	return n
}
