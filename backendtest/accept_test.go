package backendtest

import (
	"math"
	"testing"

	"glyph"
	"glyph/cpu"
)

// exp32 is exp as a device does it: 2^(x·log₂e), the product rounded to
// float32, which is what makes its error grow with |x|.
func exp32(x float32) float32 {
	return float32(math.Exp2(float64(float32(x * math.Log2E))))
}

func log32(x float32) float32 {
	return float32(float32(math.Log2(float64(x))) * math.Ln2)
}

// device is float32 arithmetic throughout where the cpu backend uses float64
// inside: softmax by e/Σ or by exp(log p), activations by exp.
func device(b glyph.Backend, viaLog bool) *mutant {
	m := newMutant(b)
	m.softmax = func(loss, hits, dlogits, logits, t glyph.Tensor) {
		b.SoftmaxCrossEntropy(loss, hits, dlogits, logits, t)
		n, classes := t.Shape[0], t.Shape[1]
		all, targets := m.get(logits), m.get(t)
		losses, grads := make([]float32, n), make([]float32, n*classes)
		for i := range n {
			z, t := all[i*classes:][:classes], targets[i*classes:][:classes]
			top, s := z[0], float32(0)
			for _, v := range z {
				top = max(top, v)
			}
			for _, v := range z {
				s += exp32(v - top)
			}
			logSum := log32(s)
			for c, v := range z {
				logP := v - top - logSum
				if t[c] != 0 {
					losses[i] -= t[c] * logP
				}
				p := exp32(v-top) / s
				if viaLog {
					p = exp32(logP)
				}
				grads[i*classes+c] = (p - t[c]) * (1 / float32(n))
			}
		}
		m.edit(loss, func(v []float32) { copy(v, losses) })
		m.edit(dlogits, func(v []float32) { copy(v, grads) })
	}
	m.dense = func(y, x, w, bias glyph.Tensor, act glyph.Activation) {
		plain := act
		if act.Kind == glyph.Sigmoid || act.Kind == glyph.Tanh {
			plain = glyph.Activation{}
		}
		b.Dense(y, x, w, bias, plain)
		switch {
		case act.Kind == glyph.Sigmoid && !viaLog:
			m.edit(y, each(func(z float32) float32 { return 1 / (1 + exp32(-z)) }))
		case act.Kind == glyph.Sigmoid:
			m.edit(y, each(func(z float32) float32 { return 0.5 + 0.5*tanh32(z/2) }))
		case act.Kind == glyph.Tanh:
			m.edit(y, each(tanh32))
		}
	}
	return m
}

func tanh32(z float32) float32 {
	z = min(max(z, -10), 10)
	a, b := exp32(z), exp32(-z)
	return (a - b) / (a + b)
}

// The bounds leave room for what a device does.
func TestFloat32ArithmeticIsAccepted(t *testing.T) {
	for _, viaLog := range []bool{false, true} {
		b := cpu.New[float32](1)
		m := device(b, viaLog)
		for _, c := range Cases() {
			if (c.Op == "SoftmaxCrossEntropy" || c.Op == "Dense") && c.Fits(true) {
				r := Check(m, c)
				for _, f := range r.Failures {
					t.Errorf("%v: %s", c, f)
				}
				if c.Op == "SoftmaxCrossEntropy" {
					t.Logf("%.3f of the bound at %s of %v", r.Share, r.Where, c)
				}
			}
		}
		b.Close()
	}
}

// casesByShape is each of the cases that is made for a call by its shapes.
func casesByShape() []*Case {
	act := glyph.Activation{Kind: glyph.Tanh}
	conv, pool := glyph.Conv{Stride: 2, Pad: 1}, glyph.Pool{Size: 2, Stride: 2}
	norm := glyph.DefaultBatchNorm()
	return []*Case{
		CopyCase(glyph.Shape{5, 7}), GatherCase(3, 4, 9, glyph.Shape{6, 5, 4, 2}, true, 0.1),
		GatherAugmentedCase(3, 4, 9, glyph.Shape{6, 5, 4, 2}, true, 0.1, everything, 5),
		GatherAugmentedCase(3, 4, 9, glyph.Shape{6, 5, 4, 2}, true, 0.1, glyph.Augmentation{Cutout: 3}, 5),
		GatherAugmentedCase(3, 4, 9, glyph.Shape{6, 5, 9, 2}, false, 0.1, glyph.Augmentation{Elastic: 2, Stroke: 0.5}, 5),
		DenseCase(4, 9, 7, true, act), DenseBackwardCase(4, 9, 7, act, "dx", "dw"),
		Conv2DCase(glyph.Shape{2, 7, 6, 3}, glyph.Shape{4, 3, 2, 3}, true, conv, act),
		Conv2DBackwardCase(glyph.Shape{2, 7, 6, 3}, glyph.Shape{4, 3, 2, 3}, conv, act, "dx", "dw", "db"),
		MaxPool2DCase(glyph.Shape{2, 6, 6, 3}, pool), MaxPool2DBackwardCase(glyph.Shape{2, 6, 6, 3}, pool),
		AvgPool2DCase(glyph.Shape{2, 6, 6, 3}, pool), AvgPool2DBackwardCase(glyph.Shape{2, 6, 6, 3}, pool),
		GlobalPool2DCase(glyph.Shape{2, 6, 5, 3}, glyph.Average), GlobalPool2DBackwardCase(glyph.Shape{2, 6, 5, 3}, glyph.Maximum),
		AddCase(glyph.Shape{2, 3, 5, 3}, act), AddBackwardCase(glyph.Shape{2, 3, 5, 3}, act),
		BatchNorm2DCase(glyph.Shape{2, 5, 4, 3}, norm, act), BatchNorm2DInferenceCase(glyph.Shape{2, 5, 4, 3}, norm, act),
		BatchNorm2DBackwardCase(glyph.Shape{2, 5, 4, 3}, act, "dx", "dgamma", "dbeta"),
		DropoutCase(50, glyph.Mask{Rate: 0.5}), SoftmaxCrossEntropyCase(6, 5, "loss", "hits", "dlogits"),
		L2Case(100, 0.1), OptimizeCase(40, 30, 2, glyph.NewOptimizer(glyph.Adam)), MovingAverageCase(40, 0.9), AdvanceCase(5, 3, "log", "hits"),
		ConfusionCase(9, 4),
	}
}

// A case by its shapes judges results that another program has.
func TestJudge(t *testing.T) {
	b := cpu.New[float32](1)
	defer b.Close()
	for _, c := range casesByShape() {
		if c.Op == "Confusion" { // has integers alone
			if r := Check(b, c); len(r.Failures) > 0 {
				t.Errorf("%v: %v", c, r.Failures)
			}
			continue
		}
		in := c.Values()
		got := evaluate(b, c, in)
		if r := c.Judge(in, got, U32); len(r.Failures) > 0 {
			t.Errorf("%v: %v", c, r.Failures)
		}
		for _, values := range got {
			values[0] += 1 + math.Abs(values[0])
		}
		if r := c.Judge(in, got, U32); len(r.Failures) != len(got) {
			t.Errorf("%v: changed results pass: %v", c, r.Failures)
		}
	}
}
