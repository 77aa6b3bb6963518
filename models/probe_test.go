package models_test

import (
	"math"
	"slices"
	"testing"

	"glyph"
	"glyph/models"
)

// A probe computes the outputs of an evaluation. Its gradients are those of the loss,
// by every weight in the layer before: Σ of the gradient of an output is the slope of the
// loss along the bias that is added to it. Nothing of the network changes.
func TestProbe(t *testing.T) {
	for _, spec := range small {
		b := oracle(t)
		net := newNet(t, b, spec, 2)
		w := read64(t, b, net.W)
		for i := range w { // statistics and factors that are not 0 and 1
			w[i] += 0.3 * math.Abs(normal(1, uint32(100+i))[0])
		}
		b.Write64(net.W, w)
		p, err := net.Probe()
		if err != nil {
			t.Fatal(err)
		}
		x, target := normal(p.Input().Size(), 3), make([]float64, net.Classes())
		target[1] = 1
		truth := glyph.NewTensor(b, glyph.Shape{1, net.Classes()})
		b.Write64(truth, target)
		b.Write64(p.Input(), x)
		b.Write64(net.Input(1), x)
		loss := glyph.NewTensor(b, glyph.Shape{1})
		forward := func(backward bool) float64 {
			logits, last := p.Forward(), glyph.Tensor{}
			if backward {
				last = p.Gradient(len(net.Stages()) - 1)
			}
			b.SoftmaxCrossEntropy(loss, glyph.Tensor{}, last, logits, truth)
			return read64(t, b, loss)[0]
		}
		forward(true)
		p.Backward()
		if want := read64(t, b, net.Forward(1, false)); !slices.Equal(read64(t, b, p.Logits()), want) {
			t.Errorf("%s: the logits are %v, and those of an evaluation %v", spec.Model, read64(t, b, p.Logits()), want)
		}
		if !slices.Equal(read64(t, b, net.W), w) {
			t.Errorf("%s: the probe changes the network", spec.Model)
		}
		image := read64(t, b, p.InputGradient())
		for _, k := range []int{0, len(x) / 2, len(x) - 1} {
			if slope := slope(b, p.Input(), k, x, func() float64 { return forward(false) }); !(math.Abs(slope-image[k]) <= 1e-7) {
				t.Errorf("%s: the gradient of pixel %d is %v, and the slope is %v", spec.Model, k, image[k], slope)
			}
		}
		for i, s := range net.Stages() {
			g := p.Gradient(i)
			for j, param := range s.Params {
				if param.Name != "bias" || g.IsZero() {
					continue
				}
				// The activation's slope is that of the backward pass of the layer
				// itself, which other tests hold to the definition.
				dz := glyph.NewTensor(b, g.Shape)
				b.AddBackward(dz, g, p.Output(i), activationOf(s.Layer))
				at := tensorOf(t, net, s.Name+"."+param.Name)
				for k := range param.Shape.Size() {
					sum := 0.0
					for e, v := range read64(t, b, dz) {
						if e%param.Shape.Size() == k {
							sum += v
						}
					}
					if slope := slope(b, at, k, read64(t, b, at), func() float64 { return forward(false) }); !(math.Abs(slope-sum) <= 1e-7) {
						t.Errorf("%s, %s, output %d (parameter %d): the gradients add up to %v, and the slope is %v", spec.Model, s.Name, k, j, sum, slope)
					}
				}
			}
		}
	}
}

// slope is that of a loss along one element of a parameter.
func slope(b glyph.Float64, at glyph.Tensor, k int, v []float64, loss func() float64) float64 {
	const h = 1e-5
	moved := func(by float64) float64 {
		c := slices.Clone(v)
		c[k] += by
		b.Write64(at, c)
		return loss()
	}
	s := (moved(h) - moved(-h)) / (2 * h)
	b.Write64(at, v)
	return s
}

func tensorOf(t *testing.T, net *models.Network, name string) glyph.Tensor {
	t.Helper()
	for _, p := range net.Params() {
		if p.Name == name {
			return p.Tensor
		}
	}
	t.Fatalf("there is no %s", name)
	return glyph.Tensor{}
}

func activationOf(l models.Layer) glyph.Activation {
	switch l := l.(type) {
	case models.Conv2D:
		return l.Activation
	case models.Dense:
		return l.Activation
	case models.BatchNorm2D:
		return l.Activation
	}
	return glyph.Activation{}
}
