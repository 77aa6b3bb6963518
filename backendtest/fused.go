package backendtest

import (
	"maps"

	"glyph"
)

// Fused is the list of operations that do two things at once, each held to the
// two done apart.
func Fused() (list []Property) {
	add := func(name string, f func(b glyph.Backend, r *Report)) { list = append(list, property(name, f)) }
	for _, act := range activations[1:] {
		dense := denseLayer{19, 35, 33, act}
		conv := convLayer{3, 7, 6, 5, 9, 3, 3, glyph.Conv{Stride: 2, Pad: 1}, act}
		norm := newNormLayer(glyph.Shape{3, 5, 7, 9}, glyph.DefaultBatchNorm(), act)
		add("Dense "+act.String(), func(b glyph.Backend, r *Report) {
			fusedForward(b, r, act, dense.forward(true), dense.plain().forward(true))
		})
		add("Conv2D "+act.String(), func(b glyph.Backend, r *Report) {
			fusedForward(b, r, act, conv.forward(true), conv.plain().forward(true))
		})
		add("BatchNorm2D "+act.String(), func(b glyph.Backend, r *Report) {
			fusedForward(b, r, act, norm.forward(), norm.plain().forward())
		})
		add("BatchNorm2DInference "+act.String(), func(b glyph.Backend, r *Report) {
			fusedForward(b, r, act, norm.inference(), norm.plain().inference())
		})
		ofNorm := []string{"dx", "dgamma", "dbeta"}
		add("BatchNorm2DBackward "+act.String(), func(b glyph.Backend, r *Report) {
			fusedBackward(b, r, act, norm.backward(ofNorm...), norm.plain().backward(ofNorm...))
		})
		all := []string{"dx", "dw", "db"}
		add("DenseBackward "+act.String(), func(b glyph.Backend, r *Report) {
			fusedBackward(b, r, act, dense.backward(all...), dense.plain().backward(all...))
		})
		add("Conv2DBackward "+act.String(), func(b glyph.Backend, r *Report) {
			fusedBackward(b, r, act, conv.backward(all...), conv.plain().backward(all...))
		})
	}
	for _, conv := range []convLayer{
		{2, 6, 7, 3, 5, 3, 2, glyph.Conv{Stride: 2, Pad: 1}, glyph.Activation{}},
		{2, 9, 8, 4, 8, 5, 5, glyph.Conv{Stride: 1, Pad: 2}, glyph.Activation{}},
	} {
		add("Conv2D as Dense over patches "+conv.String(), func(b glyph.Backend, r *Report) { convAsDense(b, r, conv) })
	}
	for k, name := range glyph.OptimizerNames() {
		add("Optimize with L2 "+name, func(b glyph.Backend, r *Report) { fusedL2(b, r, glyph.OptimizerKind(k)) })
	}
	return list
}

// fusedForward: y = act(z) with z as the backend computes it. Each z is within
// its error of the truth, so they are within twice that of one another.
func fusedForward(b glyph.Backend, r *Report, act glyph.Activation, fused, plain *Case) {
	in := fused.Values()
	errors := plain.Define(in).Tensor["y"]
	want := make([]Number, len(errors))
	for i, z := range evaluate(b, plain, in)["y"] {
		want[i] = activate(act, Number{z, 2 * errors[i].Error})
	}
	r.compare("y", Compare(evaluate(b, fused, in)["y"], want, roundoff(b)))
}

// fusedBackward: with dz = dy·act'(y) from the host, no activation is left. The
// error of dz stands in that of the fused definition and covers its rounding.
func fusedBackward(b glyph.Backend, r *Report, act glyph.Activation, fused, plain *Case) {
	in := fused.Values()
	apart := Values{Tensor: maps.Clone(in.Tensor)}
	dz := make([]float64, len(in.Tensor["dy"]))
	for i, n := range deriveAll(act, in.Tensor["dy"], in.Tensor["y"]) {
		dz[i] = n.Value
	}
	apart.Tensor["dy"] = dz
	want, got := evaluate(b, plain, apart), evaluate(b, fused, in)
	for name, numbers := range fused.Define(in).Tensor {
		r.compare(name, Compare(got[name], around(want[name], numbers), roundoff(b)))
	}
}

// around is values of the backend that are themselves as wrong as numbers say,
// and that another way to the same end may differ from by twice as much.
func around(values []float64, numbers []Number) []Number {
	n := make([]Number, len(values))
	for i, v := range values {
		n[i] = Number{v, 2 * numbers[i].Error}
	}
	return n
}

// convAsDense lays out the patches on the host.
func convAsDense(b glyph.Backend, r *Report, l convLayer) {
	conv := l.forward(true)
	in := conv.Values()
	patch := l.r * l.s * l.c
	dense := denseLayer{n: l.yShape().Size() / l.k, in: patch, out: l.k}
	patches := make([]float64, dense.n*patch)
	l.taps(func(yRow, xRow, kr, ks int) {
		copy(patches[yRow*patch+(kr*l.s+ks)*l.c:][:l.c], in.Tensor["x"][xRow*l.c:])
	})
	rows := Values{Tensor: map[string][]float64{"x": patches, "w": in.Tensor["w"], "b": in.Tensor["b"]}}
	want := around(evaluate(b, dense.forward(true), rows)["y"], conv.Define(in).Tensor["y"])
	r.compare("y", Compare(evaluate(b, conv, in)["y"], want, roundoff(b)))
}

// fusedL2: the penalty's gradient added on the host.
func fusedL2(b glyph.Backend, r *Report, kind glyph.OptimizerKind) {
	rule := glyph.NewOptimizer(kind)
	plain := optimizeLayer{n: 129, weights: 70, step: 2, rates: 3, rule: rule}
	fused := plain
	fused.rule.L2 = 0.05
	in := fused.optimize().Values()
	apart := Values{Tensor: maps.Clone(in.Tensor), Ints: in.Ints}
	g := make([]float64, plain.n)
	for i, v := range in.Tensor["g"] {
		g[i] = v
		if i < plain.weights {
			g[i] += float64(fused.rule.L2) * in.Tensor["w"][i]
		}
	}
	apart.Tensor["g"] = g
	want, got := evaluate(b, plain.optimize(), apart), evaluate(b, fused.optimize(), in)
	numbers := fused.define(in)
	for name := range got {
		r.compare(name, Compare(got[name], around(want[name], numbers.Tensor[name]), roundoff(b)))
	}
}
