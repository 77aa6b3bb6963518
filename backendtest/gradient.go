package backendtest

import (
	"fmt"
	"math"
	"slices"

	"glyph"
)

// MaxGradientError is what the relative error of a gradient must stay below.
const MaxGradientError = 1e-10

// GradientStep is the distance h of NumericGradient that suits inputs of order
// 1 in float64. With h = 4e-3 the stencil is cut off at h⁶/140·f⁽⁷⁾ ≈
// 3e-17·f⁽⁷⁾ and the rounding of f adds about u·|f|·2/h ≈ 5e-14·|f|.
const GradientStep = 4e-3

// GradientResult is the error of one gradient of one operation.
type GradientResult struct {
	Name  string // "conv2d tanh dw"
	Error float64
}

// OK reports whether the gradient passes; a NaN does not.
func (r GradientResult) OK() bool { return r.Error < MaxGradientError }

// NumericGradient is the gradient of f with respect to x, which f reads, by a
// 6-point central stencil with the coefficients of Fornberg 1988, table 1:
//
//	(45·(f(+h) - f(-h)) - 9·(f(+2h) - f(-2h)) + f(+3h) - f(-3h)) / 60h
//
// Every x is put back. f must have no kink within 3h.
func NumericGradient(f func() float64, x []float64, h float64) []float64 {
	gradient := make([]float64, len(x))
	for i, at := range x {
		sum := 0.0
		for k, c := range []float64{45, -9, 1} {
			d := float64(k+1) * h
			x[i] = at + d
			up := f()
			x[i] = at - d
			sum += c * (up - f())
		}
		x[i] = at
		gradient[i] = sum / (60 * h)
	}
	return gradient
}

// RelativeError is ‖a - n‖/(‖a‖ + ‖n‖), and 0 where both are 0.
func RelativeError(a, n []float64) float64 {
	if len(a) != len(n) {
		return math.Inf(1)
	}
	var difference, left, right float64
	for i := range a {
		difference = math.Hypot(difference, a[i]-n[i])
		left, right = math.Hypot(left, a[i]), math.Hypot(right, n[i])
	}
	if difference == 0 && left+right == 0 {
		return 0
	}
	return difference / (left + right)
}

// GradientChecks compares every gradient that the backend computes with
// differences of what it computes forward.
func GradientChecks(b glyph.Float64) (results []GradientResult) {
	all := []string{"dx", "dw", "db"}
	for _, act := range activations {
		dense := denseLayer{3, 5, 4, act}
		conv := convLayer{2, 5, 4, 2, 3, 3, 3, glyph.Conv{Stride: 1, Pad: 1}, act}
		var plainDense, plainConv *Case
		if act.Kind == glyph.ReLU || act.Kind == glyph.LeakyReLU {
			plainDense, plainConv = dense.plain().forward(true), conv.plain().forward(true)
		}
		results = append(results, differentiate(b, "dense "+act.String(), dense.forward(true), dense.backward(all...), plainDense)...)
		results = append(results, differentiate(b, "conv2d "+act.String(), conv.forward(true), conv.backward(all...), plainConv)...)
	}
	for _, act := range activations {
		l := newNormLayer(glyph.Shape{3, 3, 2, 2}, glyph.BatchNorm{Eps: 0.1, Momentum: 0.1}, act)
		var plain *Case
		if act.Kind == glyph.ReLU || act.Kind == glyph.LeakyReLU {
			plain = l.plain().forward()
		}
		results = append(results, differentiate(b, "batchnorm2d "+act.String(), l.forward(), l.backward("dx", "dgamma", "dbeta"), plain)...)
	}
	strided := convLayer{2, 7, 6, 2, 3, 3, 2, glyph.Conv{Stride: 2, Pad: 1}, glyph.Activation{Kind: glyph.Tanh}}
	results = append(results, differentiate(b, "conv2d stride 2", strided.forward(true), strided.backward(all...), nil)...)
	for _, pool := range []glyph.Pool{{Size: 2, Stride: 2}, {Size: 3, Stride: 2}} {
		l := poolLayer{2, 7, 7, 2, pool, spread, ""}
		name := fmt.Sprintf("maxpool2d size %d", pool.Size)
		results = append(results, differentiate(b, name, l.forward(), l.backward(), nil)...)
	}
	results = append(results, gradientsOfPools(b)...)
	mask := glyph.Mask{Rate: 0.5, Seed: 3, ID: 1}
	results = append(results, differentiate(b, "dropout", dropoutCase(24, mask, 2, normal(1)), dropoutBackward(24, mask, 2), nil)...)
	// p - t is the gradient where rows of t sum to 1: 1/16 and 13/16 do exactly.
	entropy := softmaxLayer{n: 5, classes: 4, logits: normal(1), t: oneHot(4, 0.25), what: "gradient"}
	results = append(results, differentiate(b, "cross-entropy", entropy.crossEntropy("loss"), entropy.crossEntropy("dlogits"), nil)...)
	return append(results, differentiateL2(b))
}

// gradientsOfPools is those of average and global pooling, and of sums.
func gradientsOfPools(b glyph.Float64) (results []GradientResult) {
	for _, pool := range []glyph.Pool{{Size: 2, Stride: 2}, {Size: 3, Stride: 2}} {
		l := avgPoolLayer{poolLayer{2, 7, 6, 2, pool, normal(1), ""}}
		name := fmt.Sprintf("avgpool2d size %d", pool.Size)
		results = append(results, differentiate(b, name, l.forward(), l.backward(), nil)...)
	}
	for _, kind := range []glyph.PoolKind{glyph.Average, glyph.Maximum} {
		l := globalPoolLayer{2, 5, 4, 3, kind, spread, ""}
		results = append(results, differentiate(b, fmt.Sprintf("globalpool2d %v", kind), l.forward(), l.backward(), nil)...)
	}
	for _, act := range activations {
		l := addLayer{glyph.Shape{2, 3, 2, 3}, act, normal(1), ""}
		for _, term := range []string{"a", "b"} {
			var plain *Case
			if act.Kind == glyph.ReLU || act.Kind == glyph.LeakyReLU {
				plain = addLayer{l.shape, glyph.Activation{}, l.fill, ""}.of(term)
			}
			results = append(results, differentiate(b, "add "+act.String()+" of "+term, l.of(term), l.backward(), plain)...)
		}
	}
	return results
}

// differentiate compares d<name> of the backward case, for each name, with
// differences of Σ dy·y of the forward case; of the mean where y is a loss. The
// inputs keep clear of the kinks of an activation if plain is the forward case
// without it.
func differentiate(b glyph.Float64, name string, forward, backward, plain *Case) (results []GradientResult) {
	in := backward.Values()
	for seed := uint64(1); ; seed++ {
		for n, v := range forward.values(seed).Tensor {
			in.Tensor[n] = v
		}
		if plain == nil || clearOfKinks(plain, in) {
			break
		}
	}
	p, out := place(b, forward, apart, in), forward.Tensors[0].Name
	p.call()
	for _, o := range forward.Tensors {
		if o.Result {
			in.Tensor[o.Name] = p.read(o.Name) // the backward pass begins with what is kept
		}
	}
	in.Tensor["y"] = p.read(out)
	dy := in.Tensor["dy"]
	if dy == nil {
		dy = make([]float64, len(in.Tensor["y"]))
		for i := range dy {
			dy[i] = 1 / float64(len(dy))
		}
	}
	gradients := evaluate(b, backward, in)
	for _, o := range backward.Tensors {
		if !o.Result {
			continue
		}
		of := o.Name[1:]
		x := in.Tensor[of]
		numeric := NumericGradient(func() float64 {
			p.write(of, x)
			p.call()
			return dot(dy, p.read(out))
		}, x, GradientStep)
		p.write(of, x)
		results = append(results, GradientResult{name + " " + o.Name, RelativeError(gradients[o.Name], numeric)})
	}
	return results
}

// clearOfKinks reports whether inputs keep every z, which plain computes, further from
// the kink at 0 than a perturbation of 3h of a weight or an input moves it.
func clearOfKinks(plain *Case, in Values) bool {
	reach := 1.0
	for _, v := range slices.Concat(in.Tensor["x"], in.Tensor["w"]) {
		reach = math.Max(reach, math.Abs(v))
	}
	for _, v := range in.Tensor["gamma"] {
		reach = math.Max(reach, 4*math.Abs(v)) // over √ε or more, which is over 1/4
	}
	return !slices.ContainsFunc(plain.Define(in).Tensor["y"], func(z Number) bool {
		return math.Abs(z.Value) <= 3.5*GradientStep*reach
	})
}

// spread fills with distinct values further apart than any perturbation.
func spread(r *glyph.Rand, v []float64, _ Values) {
	order := make([]int32, len(v))
	for i := range order {
		order[i] = int32(i)
	}
	r.Shuffle(order)
	for i, k := range order {
		v[i] = 0.0625 * float64(int(k)-len(v)/2)
	}
}

// dropoutBackward is Dropout as its own backward, under the names of one.
func dropoutBackward(n int, m glyph.Mask, step int32) *Case {
	c := dropoutCase(n, m, step, normal(1))
	c.Tensors[0].Name, c.Tensors[1].Name = "dx", "dy"
	c.Call = func(b glyph.Backend, a Args) { b.Dropout(a.Tensor["dx"], a.Tensor["dy"], m, a.Ints["clock"]) }
	return c
}

// differentiateL2 takes the gradient that training applies: what one step of
// SGD with lr 1 subtracts beside g.
func differentiateL2(b glyph.Float64) GradientResult {
	const n, lambda = 20, 0.25
	step := optimizeLayer{n: n, weights: n, rates: 1, rule: glyph.Optimizer{Kind: glyph.SGD, L2: lambda}}.optimize()
	in := step.Values()
	in.Tensor["lr"] = []float64{1}
	after := evaluate(b, step, in)["w"]
	w, g := in.Tensor["w"], in.Tensor["g"]
	gradient := make([]float64, n)
	for i := range gradient {
		gradient[i] = w[i] - after[i] - g[i]
	}
	p := place(b, l2Case(n, lambda), apart, in)
	numeric := NumericGradient(func() float64 {
		p.write("w", w)
		p.call()
		return p.read("penalty")[0]
	}, w, GradientStep)
	return GradientResult{"l2", RelativeError(gradient, numeric)}
}

func dot(a, b []float64) float64 {
	var s sum
	for i := range a {
		s.term(a[i] * b[i])
	}
	return s.hi + s.lo
}
