package backendtest

import (
	"math"
	"slices"
	"strings"

	"glyph"
)

// withSpecials is the case with NaN, Inf and -Inf among the operands named, seldom
// enough that some results remain finite.
func withSpecials(c *Case, names ...string) *Case {
	c.Name += " NaN and Inf in " + strings.Join(names, " ")
	for i := range c.Tensors {
		if o := &c.Tensors[i]; slices.Contains(names, o.Name) {
			o.Fill = specials(o.Fill)
		}
	}
	return c
}

func specials(fill Fill) Fill {
	return func(r *glyph.Rand, v []float64, in Values) {
		fill(r, v, in)
		bad := []float64{math.NaN(), math.Inf(1), math.Inf(-1)}
		for i := range v {
			if r.IntN(50) == 0 || len(v) > 50 && i%97 == 31 {
				v[i] = bad[r.IntN(len(bad))]
			}
		}
	}
}

func allFinite(v []float64) bool {
	return !slices.ContainsFunc(v, func(x float64) bool { return !finite(x) })
}

// notFiniteCases has one for every operation whose own cases have neither NaN nor Inf.
func notFiniteCases() (cases []*Case) {
	add := func(c *Case, names ...string) { cases = append(cases, withSpecials(c, names...)) }
	for _, act := range activations {
		dense := denseLayer{17, 33, 31, act}
		add(dense.forward(true), "x", "w", "b")
		add(dense.backward("dx", "dw", "db"), "dy", "y", "x", "w")
		sum := addLayer{shape: glyph.Shape{3, 5, 7, 9}, act: act, fill: normal(1)}
		add(sum.forward(), "a", "b")
		add(sum.backward(), "dy", "y")
		conv := convLayer{2, 6, 7, 5, 9, 3, 3, glyph.Conv{Stride: 1, Pad: 1}, act}
		add(conv.forward(true), "x", "w", "b")
		add(conv.backward("dx", "dw", "db"), "dy", "y", "x", "w")
	}
	relu := glyph.Activation{Kind: glyph.ReLU}
	for _, l := range []convLayer{ // in whole vectors; one channel; a stride over the kernel
		{2, 6, 5, 8, 16, 3, 3, glyph.Conv{Stride: 1, Pad: 1}, relu},
		{2, 9, 8, 1, 8, 3, 3, glyph.Conv{Stride: 1, Pad: 1}, relu},
		{2, 11, 10, 4, 8, 2, 2, glyph.Conv{Stride: 3}, relu},
	} {
		add(l.forward(true), "x", "b")
		add(l.forward(true), "w")
		add(l.backward("dx", "dw", "db"), "dy", "y")
		add(l.backward("dw", "db"), "x")
	}
	add(denseLayer{16, 64, 32, relu}.forward(true), "x")
	add(denseLayer{16, 64, 32, relu}.backward("dx", "dw", "db"), "dy", "y")
	for k := range glyph.OptimizerNames() {
		rule := glyph.NewOptimizer(glyph.OptimizerKind(k))
		rule.L2 = 0.01
		add(optimizeLayer{400, 300, 2, 3, rule, false}.optimize(), "w", "m", "v", "g")
	}
	add(gatherLayer{5, 9, glyph.Shape{6, 7, 3}, 10, 6, 7, true, 0.25}.gather(), "mean", "scale")
	add(augmentLayer{gatherLayer{5, 9, glyph.Shape{6, 7, 3}, 10, 6, 7, true, 0.25}, glyph.Augmentation{Shift: 1, Elastic: 1}, 3, 0}.gather(), "mean", "scale")
	add(averageLayer{400, 3, 0.9}.average(), "w", "average")
	add(l2Case(1031, 1e-3), "w")
	add(advanceCase(300, 3, 1, 0, "log", "hits", "penalty"), "loss")
	add(softmaxLayer{90, 10, normal(2), oneHot(10, 0.1), "smoothed"}.crossEntropy("loss", "hits", "dlogits"), "logits")
	return cases
}
