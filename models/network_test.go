package models_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/models"
)

func TestOperations(t *testing.T) {
	r := &recorder{}
	spec := models.Spec{Model: "kmnist-benchmark", Input: []int{8, 8, 1}, Dropout: []float64{0.25, 0.5}}
	net := newNet(t, r, spec, 6)
	net.SetClock(r.AllocInts(glyph.ClockLen), 9)
	check := func(what string, want ...string) {
		t.Helper()
		if !slices.Equal(r.ops, want) {
			t.Errorf("%s asks for\n\t%s\nwant\n\t%s", what, strings.Join(r.ops, "\n\t"), strings.Join(want, "\n\t"))
		}
		r.ops = nil
	}
	net.Forward(6, true)
	check("training", "Conv2D (6, 6, 6, 32)", "Conv2D (6, 4, 4, 64)", "MaxPool2D (6, 2, 2, 64)",
		"Dropout (6, 2, 2, 64) 0.25 seed 9 id 3", "Dense (6, 128)", "Dropout (6, 128) 0.5 seed 9 id 6", "Dense (6, 10)")
	// The first layer's dx is not wanted.
	net.Backward(6)
	check("backward", "DenseBackward (6, 128)", "Dropout (6, 128) 0.5 seed 9 id 6", "DenseBackward (6, 256)",
		"Dropout (6, 2, 2, 64) 0.25 seed 9 id 3", "MaxPool2DBackward (6, 4, 4, 64)", "Conv2DBackward (6, 6, 6, 32)", "Conv2DBackward ()")
	net.Forward(2, false)
	check("evaluation of a short batch", "Conv2D (2, 6, 6, 32)", "Conv2D (2, 4, 4, 64)", "MaxPool2D (2, 2, 2, 64)", "Dense (2, 128)", "Dense (2, 10)")
	net.Forward(2, true)
	net.Backward(2)
	if len(r.ops) != 14 || r.ops[13] != "Conv2DBackward ()" || r.ops[12] != "Conv2DBackward (2, 6, 6, 32)" {
		t.Errorf("a short batch in training asks for %q", r.ops)
	}
}

// What comes before the first parameters has no backward pass.
func TestNothingBeforeTheFirstParameters(t *testing.T) {
	r := &recorder{}
	net, err := models.Build(r, glyph.Shape{4, 4, 1}, models.Chain(
		models.Dropout{Rate: 0.1}, models.MaxPool2D{Pool: glyph.Pool{Size: 2, Stride: 2}}, models.Flatten{}, models.Dense{Units: 3},
	), 2)
	if err != nil {
		t.Fatal(err)
	}
	net.SetClock(r.AllocInts(glyph.ClockLen), 0)
	net.Forward(2, true)
	r.ops = nil
	net.Backward(2)
	if !slices.Equal(r.ops, []string{"DenseBackward ()"}) {
		t.Errorf("backward asks for %q", r.ops)
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	silent := &recorder{silent: true}
	device := cpu.New[float32](1)
	defer device.Close()
	for _, b := range []glyph.Backend{silent, device} {
		for _, spec := range small {
			net := newNet(t, b, spec, 4)
			net.SetClock(b.AllocInts(glyph.ClockLen), 1)
			step := func() {
				net.Input(4)
				net.Forward(4, true)
				net.DLogits(4)
				net.Backward(4)
				net.Forward(3, false)
				net.Params()
				net.Gradients()
			}
			step() // a backend may grow its scratch memory once
			if n := testing.AllocsPerRun(10, step); n != 0 {
				t.Errorf("%s on %T: a step allocates %v times", spec.Model, b, n)
			}
		}
	}
}

// The definition of a network with two layers, in plain loops.
func TestForwardByHand(t *testing.T) {
	b := oracle(t)
	const n, h, w, c, hidden, classes = 3, 2, 3, 2, 5, 4
	act := glyph.Activation{Kind: glyph.Tanh}
	net, err := models.Build(b, glyph.Shape{h, w, c}, models.Chain(
		models.Flatten{}, models.Dense{Units: hidden, Activation: act}, models.Dense{Units: classes},
	), n)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string][]float64{}
	for i, p := range net.Params() {
		values[p.Name] = normal(p.Tensor.Size(), uint32(10+i))
		b.Write64(p.Tensor, values[p.Name])
	}
	x := normal(n*h*w*c, 1)
	b.Write64(net.Input(n), x)
	got := read64(t, b, net.Forward(n, true))

	dense := func(x []float64, name string, units int, act glyph.Activation) (y []float64) {
		weight, bias := values[name+".weight"], values[name+".bias"]
		for u := range units {
			z := bias[u]
			for i, v := range x {
				z += weight[u*len(x)+i] * v
			}
			y = append(y, act.Value(z))
		}
		return y
	}
	for i := range n {
		sample := x[i*h*w*c : (i+1)*h*w*c]
		want := dense(dense(sample, "dense_1", hidden, act), "dense_2", classes, glyph.Activation{})
		for j, v := range want {
			if !(math.Abs(got[i*classes+j]-v) < 1e-13) {
				t.Errorf("logit (%d, %d) is %v, want %v", i, j, got[i*classes+j], v)
			}
		}
	}
}

// Every preset's gradient against a 4-point stencil of its loss, dropout and
// all: the mask stays the same while the clock stands.
func TestBackwardIsTheGradient(t *testing.T) {
	for _, spec := range small {
		t.Run(spec.Model, func(t *testing.T) {
			b := oracle(t)
			const n = 2
			net := newNet(t, b, spec, n+1)
			w := read64(t, b, net.W)
			for i, v := range normal(len(w), 4) {
				w[i] += 0.1 * v // biases away from zero, and padding, which must not matter
			}
			b.Write64(net.W, w)
			// Small enough that no window's maximum moves to another element,
			// where the loss has a kink: at 3e-4 one does. Rounding costs about
			// u·loss/h = 1e-12 of gradients around 0.1.
			checkGradient(t, b, net, n, 1e-4)
		})
	}
}

// checkGradient compares the gradient of a network's loss on n samples with its
// 4-point stencil of that width.
func checkGradient(t *testing.T, b glyph.Float64, net *models.Network, n int, h float64) {
	t.Helper()
	passBoth(b, net, n)
	w, grad := read64(t, b, net.W), read64(t, b, net.G)
	target := targets(b, glyph.Shape{n, net.Classes()})
	losses := glyph.NewTensor(b, glyph.Shape{n})
	loss := func(i int, delta float64) float64 {
		v := w[i]
		w[i] += delta
		b.Write64(net.W, w)
		w[i] = v
		b.SoftmaxCrossEntropy(losses, glyph.Tensor{}, glyph.Tensor{}, net.Forward(n, true), target)
		sum := 0.0
		for _, l := range read64(t, b, losses) {
			sum += l
		}
		return sum / float64(n)
	}
	var diff, norm float64
	for _, p := range net.Gradients() { // in the layout of W
		for _, j := range someOf(p.Tensor.Size()) {
			i := p.Tensor.Off - net.G.Off + j
			want := (8*(loss(i, h)-loss(i, -h)) - (loss(i, 2*h) - loss(i, -2*h))) / (12 * h)
			diff += (grad[i] - want) * (grad[i] - want)
			norm += want * want
		}
	}
	err := math.Sqrt(diff / norm)
	t.Logf("norm-relative error %.1e", err)
	if !(err < 1e-10) || norm == 0 {
		t.Errorf("norm-relative error %v, want below 1e-10", err)
	}
}

// someOf is up to 50 different indices below n, spread over all.
func someOf(n int) (some []int) {
	const most = 50
	for i := range min(n, most) {
		some = append(some, i*n/min(n, most))
	}
	return some
}

func TestDropoutOnlyInTraining(t *testing.T) {
	b := oracle(t)
	spec := small[2]
	net := newNet(t, b, spec, 4)
	spec.Dropout = []float64{0}
	plain := newNet(t, b, spec, 4)
	if len(net.Stages()) != len(plain.Stages())+2 {
		t.Fatalf("%d stages with dropout, %d without", len(net.Stages()), len(plain.Stages()))
	}
	x := normal(net.Input(4).Size(), 1)
	b.Write64(net.Input(4), x)
	b.Write64(plain.Input(4), x)
	clock := b.AllocInts(glyph.ClockLen)
	net.SetClock(clock, 3)

	want := read64(t, b, plain.Forward(4, true))
	if got := read64(t, b, net.Forward(4, false)); !slices.Equal(got, want) {
		t.Errorf("evaluation gives %v, without dropout it is %v", got, want)
	}
	first := read64(t, b, net.Forward(4, true))
	if slices.Equal(first, want) {
		t.Error("dropout changes nothing in training")
	}
	b.WriteInts(clock, []int32{1, 0})
	if got := read64(t, b, net.Forward(4, true)); slices.Equal(got, first) {
		t.Error("another step drops the same")
	}
	b.WriteInts(clock, []int32{0, 0})
	if got := read64(t, b, net.Forward(4, true)); !slices.Equal(got, first) {
		t.Error("the same step drops otherwise")
	}
}

func TestShortBatch(t *testing.T) {
	for _, spec := range small {
		b := oracle(t)
		net := newNet(t, b, spec, 5)
		b.Write64(net.Input(5), normal(net.Input(5).Size(), 1))
		full := read64(t, b, net.Forward(5, false))
		short := read64(t, b, net.Forward(2, false))
		if !slices.Equal(short, full[:2*net.Classes()]) {
			t.Errorf("%s: logits of 2 samples %v, as part of 5 %v", spec.Model, short, full[:2*net.Classes()])
		}

		// A short batch after a full one is as a network of that batch would
		// have it: nothing of the rest shines through.
		passBoth(b, net, 5)
		passBoth(b, net, 2)
		fitting := newNet(t, b, spec, 2)
		passBoth(b, fitting, 2)
		if !slices.Equal(read64(t, b, net.G), read64(t, b, fitting.G)) {
			t.Errorf("%s: gradients of a short batch are not those of a network of that batch", spec.Model)
		}
	}
}

func TestSameBitsTwice(t *testing.T) {
	for _, spec := range small {
		b := oracle(t)
		net := newNet(t, b, spec, 3)
		passBoth(b, net, 3)
		first := read64(t, b, net.G)
		passBoth(b, net, 3)
		if !slices.Equal(first, read64(t, b, net.G)) {
			t.Errorf("%s: the same pass twice gives other gradients", spec.Model)
		}
	}
}

func TestTrace(t *testing.T) {
	b := oracle(t)
	net := newNet(t, b, models.Spec{Model: "mlp", Input: []int{2, 2, 1}, Hidden: []int{3}, Classes: 2}, 4)
	var seen []string
	net.Trace = func(where string, x glyph.Tensor) {
		seen = append(seen, fmt.Sprint(where, " ", x.Shape))
	}
	passBoth(b, net, 3)
	want := []string{
		"the input (3, 2, 2, 1)", "the output of dense_1 (3, 3)", "the output of dense_2 (3, 2)",
		"the gradient of the logits (3, 2)", "the gradient of dense_2.weight (2, 3)", "the gradient of dense_2.bias (2)",
		"the gradient of the input of dense_2 (3, 3)", "the gradient of dense_1.weight (3, 4)", "the gradient of dense_1.bias (3)",
	}
	if !slices.Equal(seen, want) {
		t.Errorf("traced\n\t%s\nwant\n\t%s", strings.Join(seen, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func TestNewErrors(t *testing.T) {
	r := &recorder{}
	_, err := models.New(r, models.Spec{Model: "mlp"}, 0)
	oneLine(t, err, "batch must be at least 1, not 0")
	_, err = models.New(r, models.Spec{Model: "kmnist-benchmark"}, 1<<20)
	oneLine(t, err, "a batch of 1048576 is too large", "the largest is")
	_, err = models.New(r, models.Spec{Model: "alexnet"}, 1)
	oneLine(t, err, "alexnet", "linear, mlp, cnn, kmnist-benchmark, vgg, resnet")
}
