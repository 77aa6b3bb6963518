package backendtest

import (
	"fmt"

	"glyph"
)

// Property is a law that a backend obeys, which needs no definition to test.
type Property struct {
	Name  string
	Check func(b glyph.Backend) Report
}

func property(name string, f func(b glyph.Backend, r *Report)) Property {
	return Property{name, func(b glyph.Backend) Report {
		return guarded(func(r *Report) { f(b, r) })
	}}
}

// Properties is the list of laws.
func Properties() (list []Property) {
	add := func(name string, f func(b glyph.Backend, r *Report)) { list = append(list, property(name, f)) }
	for _, l := range []denseLayer{{n: 5, in: 17, out: 9}, {n: 33, in: 64, out: 65}} {
		add("adjoint dense "+l.String(), func(b glyph.Backend, r *Report) {
			adjoint(b, r, l.forward(false), l.backward("dx", "dw", "db"))
		})
	}
	for _, l := range []convLayer{
		{2, 7, 6, 3, 5, 3, 2, glyph.Conv{Stride: 2, Pad: 1}, glyph.Activation{}},
		{3, 9, 9, 4, 8, 5, 5, glyph.Conv{Stride: 1, Pad: 2}, glyph.Activation{}},
		{2, 10, 9, 2, 3, 2, 2, glyph.Conv{Stride: 3}, glyph.Activation{}},
	} {
		add("adjoint conv2d "+l.String(), func(b glyph.Backend, r *Report) {
			adjoint(b, r, l.forward(false), l.backward("dx", "dw", "db"))
		})
	}
	add("adjoint maxpool2d", adjointPool)
	add("adjoint avgpool2d", adjointAvgPool)
	add("adjoint globalpool2d", adjointGlobalPool)
	add("adjoint add", adjointAdd)
	add("adjoint dropout", adjointDropout)
	add("delta kernel shifts", deltaKernel)
	add("pointwise convolution is dense", pointwise)
	add("a sum with zeros", addZero)
	add("average of a constant", averageOfConstant)
	add("global pooling is one window", globalIsOneWindow)
	add("batch normalisation's moments", normalisedMoments)
	add("batch normalisation's gradient is orthogonal", orthogonalGradient)
	add("batch normalisation by the batch's own statistics", inferenceIsTraining)
	add("batch normalisation of a permuted batch", permutedNorm)
	add("batch normalisation in another unit", scaledNorm)
	add("batch normalisation's running statistics", runningStatistics)
	add("dlogits rows sum to 0", rowsSumToZero)
	add("permuted batch", permutedBatch)
	add("dropout masks", dropoutMasks)
	add("no augmentation is Gather", unmoved)
	add("whole shifts", wholeShifts)
	add("coverage of augmentation", coverage)
	add("maps of augmentation", ownMaps)
	add("holes of augmentation", holes)
	add("bends of augmentation", bends)
	add("strokes of augmentation", strokes)
	add("moving average of a constant", averageStays)
	add("moving average forgets", averageForgets)
	add("transfers", transfers)
	add("order of operations", ordered)
	add("optimizers over steps", trajectories)
	add("repeat", repeated)
	add("repeat by hand", repeatedByHand)
	return list
}

// deltaKernel: a kernel that is 1 at one tap moves the image, exactly.
func deltaKernel(b glyph.Backend, r *Report) {
	l := convLayer{2, 6, 7, 3, 3, 3, 3, glyph.Conv{Stride: 1, Pad: 1}, glyph.Activation{}}
	in := l.forward(false).Values()
	x := in.Tensor["x"]
	for tap := range l.r * l.s {
		w := make([]float64, l.wShape().Size())
		for c := range l.c {
			w[(c*l.r*l.s+tap)*l.c+c] = 1
		}
		in.Tensor["w"] = w
		want := make([]Number, len(x))
		for i := range want {
			c, q, p, n := i%l.c, i/l.c%l.w, i/l.c/l.w%l.h, i/l.c/l.w/l.h
			h, v := p+tap/l.s-1, q+tap%l.s-1
			if h >= 0 && h < l.h && v >= 0 && v < l.w {
				want[i] = exact(x[((n*l.h+h)*l.w+v)*l.c+c])
			}
		}
		r.compare(fmt.Sprintf("tap %d", tap), Compare(evaluate(b, l.forward(false), in)["y"], want, roundoff(b)))
	}
}

// pointwise: a 1×1 convolution is a dense layer over pixels, backward too.
func pointwise(b glyph.Backend, r *Report) {
	conv := convLayer{3, 5, 4, 17, 9, 1, 1, glyph.Conv{Stride: 1}, glyph.Activation{Kind: glyph.Tanh}}
	dense := denseLayer{3 * 5 * 4, 17, 9, conv.act}
	all := []string{"dx", "dw", "db"}
	for _, pair := range [][2]*Case{
		{conv.forward(true), dense.forward(true)}, {conv.backward(all...), dense.backward(all...)},
	} {
		in := pair[0].Values()
		want, numbers := evaluate(b, pair[1], in), pair[1].Define(in).Tensor
		for name, got := range evaluate(b, pair[0], in) {
			r.compare(name, Compare(got, around(want[name], numbers[name]), roundoff(b)))
		}
	}
}

// permutedBatch: the samples of a batch do not influence one another.
func permutedBatch(b glyph.Backend, r *Report) {
	relu := glyph.Activation{Kind: glyph.ReLU}
	const n = 13
	for _, c := range []*Case{
		denseLayer{n, 33, 17, relu}.forward(true),
		denseLayer{n, 33, 17, relu}.backward("dx"),
		convLayer{n, 6, 5, 3, 7, 3, 3, glyph.Conv{Stride: 1, Pad: 1}, relu}.forward(true),
		convLayer{n, 6, 5, 3, 7, 3, 3, glyph.Conv{Stride: 1, Pad: 1}, relu}.backward("dx"),
		poolLayer{n, 6, 6, 3, glyph.Pool{Size: 3, Stride: 2}, normal(1), ""}.backward(),
		softmaxLayer{n, 10, normal(3), oneHot(10, 0.1), "smoothed"}.crossEntropy("loss", "hits", "dlogits"),
	} {
		in := c.Values()
		moved := Values{Tensor: map[string][]float64{}}
		for name, v := range in.Tensor {
			moved.Tensor[name] = v
			if name != "w" && name != "b" {
				moved.Tensor[name] = rotate(v, n)
			}
		}
		want, numbers := evaluate(b, c, in), c.Define(moved).Tensor
		for name, got := range evaluate(b, c, moved) {
			r.compare(c.Op+" "+name, Compare(got, around(rotate(want[name], n), numbers[name]), roundoff(b)))
		}
	}
}

// rotate moves each of n rows four on.
func rotate(v []float64, n int) []float64 {
	cut := len(v) / n * 4
	return append(append([]float64(nil), v[len(v)-cut:]...), v[:len(v)-cut]...)
}
