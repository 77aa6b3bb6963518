package train

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/models"
)

// steps notes the weights after every update, and the average by its definition
// in float64.
type steps struct {
	glyph.Backend
	t       *testing.T
	decay   float64
	average []float64 // nil before the first step
	raw     []float32
	calls   int
}

func (s *steps) read(t glyph.Tensor) []float32 {
	s.t.Helper()
	values := make([]float32, t.Size())
	if err := s.Read(values, t); err != nil {
		s.t.Fatal(err)
	}
	return values
}

// Repeat takes the steps one by one, so that they can be looked into.
func (s *steps) Repeat(n int, step func()) {
	for range n {
		step()
	}
}

func (s *steps) MovingAverage(average, w glyph.Tensor, decay float32, clock glyph.Ints) {
	if s.average == nil { // the initial weights
		for _, v := range s.read(average) {
			s.average = append(s.average, float64(v))
		}
	}
	s.raw = s.read(w)
	d := min(s.decay, (1+float64(s.calls))/(10+float64(s.calls)))
	for i, v := range s.raw {
		s.average[i] = d*s.average[i] + (1-d)*float64(v)
	}
	s.calls++
	s.Backend.MovingAverage(average, w, decay, clock)
}

// far reports whether weights are not those of the definition.
func (s *steps) far(w []float32) bool {
	for i, v := range w {
		if math.Abs(float64(v)-s.average[i]) > 1e-4*(1+math.Abs(s.average[i])) {
			return true
		}
	}
	return false
}

// The weights of each step go into the average, once; each evaluation is of the
// average, the callbacks of an epoch and of a save find it in the network, the
// network ends with it, and the training itself is the one without it.
func TestAverage(t *testing.T) {
	data, opt := toyData(100, 20, 30), toyOptions()
	opt.Batch, opt.LR = 16, 0.1
	plain, last := trained(t, cpu.New[float32](1), data, opt)

	opt.Average = 0.9
	s := &steps{Backend: cpu.New[float32](1), t: t, decay: 0.9}
	defer s.Close() //nolint:errcheck // a processor does not fail
	net := newNet(t, s, toyMLP, opt.Batch)
	checked := 0
	check := func(what string) {
		t.Helper()
		if checked++; s.far(weights(t, s, net)) {
			t.Errorf("%s, after %d steps: the network does not have the average", what, s.calls)
		}
	}
	r, err := Resume(context.Background(), Training{
		Backend: s, Net: net, Data: data, Options: opt,
		Callbacks: Callbacks{Epoch: func(Epoch) { check("after an epoch") }},
		Saving: Saving{Due: func(bool) bool { return true }, Save: func(state *State) error {
			check("during a save")
			if !slices.Equal(state.W, s.raw) || s.far(state.Average) {
				t.Errorf("after %d steps the state has other weights, or another average", s.calls)
			}
			return nil
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	check("at the end")
	if s.calls != 4*7 || checked < 2*4+1 {
		t.Errorf("%d moves of the average, %d checks", s.calls, checked)
	}
	if !slices.Equal(s.raw, last) {
		t.Error("with an average other weights are trained")
	}
	for i, e := range r.Epochs {
		if e.TrainLoss != plain.Epochs[i].TrainLoss || e.Validation.Loss == plain.Epochs[i].Validation.Loss {
			t.Errorf("epoch %d: %+v, without an average %+v", i+1, e, plain.Epochs[i])
		}
	}
	on := data
	on.Test = data.Validation
	if e, err := Evaluate(context.Background(), s, net, on); err != nil || e.Loss != r.Epochs[3].Validation.Loss {
		t.Errorf("the network that is left has a validation loss of %v, the last epoch had %v (%v)", e.Loss, r.Epochs[3].Validation.Loss, err)
	}
}

// The average takes the running statistics along.
func TestAverageOfStatistics(t *testing.T) {
	data, opt := toyData(64, 0, 10), toyOptions()
	opt.Epochs, opt.Average = 2, 0.9
	spec := models.Spec{Model: "vgg", Input: []int{8, 8, 1}, Classes: 2}
	run := func(average float64) map[string][]float32 {
		b := cpu.New[float32](1)
		defer b.Close() //nolint:errcheck // a processor does not fail
		net := newNet(t, b, spec, opt.Batch)
		opt.Average = average
		if _, err := Run(context.Background(), b, net, data, opt, Callbacks{}); err != nil {
			t.Fatal(err)
		}
		if net.Trained == net.W.Size() {
			t.Fatal("the network has no statistics")
		}
		w := weights(t, b, net)
		return map[string][]float32{"weights": w[:net.Trained], "statistics": w[net.Trained:]}
	}
	with, without := run(0.9), run(0)
	for what := range with {
		if slices.Equal(with[what], without[what]) {
			t.Errorf("the %s are not averaged", what)
		}
	}
}

// The best epoch is that of the best average, and its average is what is kept.
func TestBestAverage(t *testing.T) {
	data, opt := toyData(40, 60, 20), toyOptions()
	opt.Epochs, opt.LR, opt.KeepBest, opt.Average = 30, 0.1, true, 0.9
	b := cpu.New[float32](2)
	defer b.Close() //nolint:errcheck // a processor does not fail
	net := newNet(t, b, toyMLP, opt.Batch)
	r, err := Run(context.Background(), b, net, data, opt, Callbacks{})
	if err != nil {
		t.Fatal(err)
	}
	data.Test = data.Validation
	e, err := Evaluate(context.Background(), b, net, data)
	if err != nil || e.Loss != r.Epochs[r.Best-1].Validation.Loss {
		t.Errorf("epoch %d is kept with a loss of %v, want %v (%v)", r.Best, e.Loss, r.Epochs[r.Best-1].Validation.Loss, err)
	}
	if r.Best == len(r.Epochs) {
		t.Error("the last epoch is the best: nothing is tested")
	}
}

// A loss that is not finite is still located: the average goes back with the
// weights.
func TestNotFiniteWithAnAverage(t *testing.T) {
	data, opt := toyData(100, 0, 10), toyOptions()
	opt.LR, opt.Rule, opt.Batch = 1e25, glyph.NewOptimizer(glyph.SGD), 10
	broken := func(average float64) NotFinite {
		b := cpu.New[float32](2)
		defer b.Close() //nolint:errcheck // a processor does not fail
		opt.Average = average
		_, err := Run(context.Background(), b, newNet(t, b, toyMLP, opt.Batch), data, opt, Callbacks{})
		var found *NotFinite
		if !errors.As(err, &found) {
			t.Fatalf("average %v: %v", average, err)
		}
		return *found
	}
	if with, without := broken(0.9), broken(0); with != without || with.Where == "the loss" {
		t.Errorf("with an average %+v, without %+v", with, without)
	}

	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // as above
	opt = toyOptions()
	opt.Average = 0.9
	tr := newTrainer(b, newNet(t, b, toyMLP, opt.Batch), data, opt)
	tr.train.begin(0, make([]int32, 100))
	read := func() []float32 {
		values := make([]float32, tr.average.w.Size())
		if err := b.Read(values, tr.average.w); err != nil {
			t.Fatal(err)
		}
		return values
	}
	before := read()
	tr.before.take()
	tr.step(16)
	if slices.Equal(read(), before) {
		t.Fatal("a step moves no average")
	}
	tr.before.restore()
	if !slices.Equal(read(), before) {
		t.Error("going back leaves the average where it was")
	}
}
