package backendtest

import (
	"fmt"
	"math"
	"slices"

	"glyph"
)

// softmaxLayer is a batch of logits and targets.
type softmaxLayer struct {
	n, classes int
	logits, t  Fill
	what       string
}

// crossEntropy is SoftmaxCrossEntropy with the results wanted, of loss, hits
// and dlogits.
func (l softmaxLayer) crossEntropy(want ...string) *Case {
	rows := glyph.Shape{l.n, l.classes}
	shapes := map[string]glyph.Shape{"loss": {l.n}, "hits": {l.n}, "dlogits": rows}
	c := &Case{
		Op: "SoftmaxCrossEntropy", Name: fmt.Sprintf("%dx%d %s %s", l.n, l.classes, l.what, wanted(want)),
		Call: func(b glyph.Backend, a Args) {
			t := a.Tensor
			b.SoftmaxCrossEntropy(t["loss"], t["hits"], t["dlogits"], t["logits"], t["t"])
		},
		Define: l.define,
	}
	for _, name := range want {
		c.Tensors = append(c.Tensors, result(name, shapes[name]))
	}
	c.Tensors = append(c.Tensors, input("logits", rows, l.logits), input("t", rows, l.t))
	return c
}

// define follows log p = z - max z - log Σ exp(z - max z). The error of p is
// that of exp(log p), which is no less than that of exp(z - max z)/Σ: a backend
// may do either.
func (l softmaxLayer) define(in Values) Results {
	loss, hits, dlogits := make([]Number, l.n), make([]Number, l.n), make([]Number, l.n*l.classes)
	for n := range l.n {
		z, t := in.Tensor["logits"][n*l.classes:][:l.classes], in.Tensor["t"][n*l.classes:][:l.classes]
		if best := argmax(z); best >= 0 && best == argmax(t) {
			hits[n] = exact(1)
		}
		top := slices.Max(z) // a NaN where there is one
		var s, cost sum
		for _, v := range z {
			s.add(exp(sub(exact(v), exact(top))))
		}
		logSum := log(s.number())
		for c, v := range z {
			logP := sub(sub(exact(v), exact(top)), logSum)
			if t[c] != 0 { // t·log p is 0 for t = 0 though p be 0
				cost.product(logP, -t[c])
			}
			dlogits[n*l.classes+c] = div(sub(exp(logP), exact(t[c])), exact(float64(l.n)))
		}
		loss[n] = cost.number()
	}
	return Results{Tensor: map[string][]Number{"loss": loss, "hits": hits, "dlogits": dlogits}}
}

// argmax is the first greatest of v, or -1 where there is a NaN.
func argmax(v []float64) int {
	top := slices.Max(v)
	return slices.Index(v, top) // which finds no NaN
}

// oneHot fills with one class a row; smoothed by s as Gather does.
func oneHot(classes int, s float64) Fill {
	return func(r *glyph.Rand, v []float64, _ Values) {
		for i := range v {
			v[i] = s / float64(classes)
		}
		for row := 0; row < len(v); row += classes {
			v[row+r.IntN(classes)] += 1 - s
		}
	}
}

// distribution fills with random rows that sum to 1.
func distribution(classes int) Fill {
	return func(r *glyph.Rand, v []float64, _ Values) {
		for ; len(v) > 0; v = v[classes:] {
			total := 0.0
			for c := range classes {
				v[c] = r.Float64()
				total += v[c]
			}
			for c := range classes {
				v[c] /= total
			}
		}
	}
}

func softmaxCases() (cases []*Case) {
	all := []string{"loss", "hits", "dlogits"}
	for _, d := range [][2]int{
		{1, 1}, {3, 1}, {1, 2}, {5, 3}, {16, 10}, {31, 10}, {65, 7}, {7, 33}, {3, 64}, {2, 129}, {129, 10}, {3, 1000},
	} {
		n, classes := d[0], d[1]
		cases = append(cases, softmaxLayer{n, classes, normal(3), oneHot(classes, 0), "one-hot"}.crossEntropy(all...))
	}
	for _, want := range choices(all...) {
		cases = append(cases, softmaxLayer{9, 10, normal(2), oneHot(10, 0.1), "smoothed"}.crossEntropy(want...))
	}
	for _, l := range []softmaxLayer{
		{17, 10, normal(2), distribution(10), "distributions"},
		{33, 10, normal(1e4), oneHot(10, 0), "large logits"}, // exp alone overflows, p underflows
		{33, 10, normal(1e4), oneHot(10, 0.1), "large logits, smoothed"},
		{33, 10, normal(30), oneHot(10, 0.1), "confident"},
		{65, 5, few, oneHot(5, 0), "ties"},
		{9, 6, normal(0), oneHot(6, 0.1), "all equal"},
		specialSoftmax(),
	} {
		cases = append(cases, l.crossEntropy(all...))
	}
	for _, n := range []int{128, 8192} {
		c := softmaxLayer{n, 10, normal(2), oneHot(10, 0), "layer"}.crossEntropy(all...)
		c.Layer = true
		cases = append(cases, c)
	}
	return cases
}

// specialSoftmax is rows with logits that are not finite.
func specialSoftmax() softmaxLayer {
	inf, nan := math.Inf(1), math.NaN()
	return softmaxLayer{6, 3,
		these(
			-inf, 1, 2, // p = 0 where t = 0: finite
			-inf, -inf, 2, // p = 1: loss 0
			-inf, 1, 2, // p = 0 where t = 1: loss Inf
			nan, 1, 2, // no hit, and the loss is NaN
			1, 2, nan, // wherever the NaN stands
			0.5, 1, 2,
		),
		these(0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1), "NaN and Inf"}
}

// rowsSumToZero: p and t both sum to 1.
func rowsSumToZero(b glyph.Backend, r *Report) {
	l := softmaxLayer{31, 10, normal(3), oneHot(10, 0), "one-hot"}
	c := l.crossEntropy("dlogits")
	in := c.Values()
	d, numbers := evaluate(b, c, in)["dlogits"], c.Define(in).Tensor["dlogits"]
	for row := range l.n {
		total, allowed := 0.0, 0.0
		for i := row * l.classes; i < (row+1)*l.classes; i++ {
			total += d[i]
			allowed += numbers[i].Error
		}
		r.near(fmt.Sprintf("row %d", row), total, 0, allowed, b)
	}
}
