package train

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"glyph"
	"glyph/cpu"
	"glyph/models"
)

// toyData is images of two classes, bright above or bright below, with noise.
func toyData(train, validation, test int) Data {
	r := glyph.NewRand(7, glyph.StreamTest, 0)
	set := func(n int) Set {
		s := Set{Shape: glyph.Shape{8, 8, 1}}
		for i := range n {
			label := uint8(i % 2)
			s.Labels = append(s.Labels, label)
			for p := range 64 {
				v := 60 + 60*r.Normal()
				if (p < 32) == (label == 0) {
					v += 40
				}
				s.Images = append(s.Images, uint8(min(max(v, 0), 255)))
			}
		}
		return s
	}
	return Data{
		Train: set(train), Validation: set(validation), Test: set(test), Classes: 2,
		Mean: []float32{80}, Scale: []float32{1.0 / 60},
	}
}

var toyMLP = models.Spec{Model: "mlp", Input: []int{8, 8, 1}, Classes: 2, Hidden: []int{12}, Dropout: []float64{0.2}}

func toyOptions() Options {
	return Options{Epochs: 4, Batch: 16, LR: 0.05, Seed: 3, Rule: glyph.NewOptimizer(glyph.Adam)}
}

func newNet(t testing.TB, b glyph.Backend, spec models.Spec, batch int) *models.Network {
	t.Helper()
	net, err := models.New(b, spec, batch)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(5)
	return net
}

func weights(t testing.TB, b glyph.Backend, net *models.Network) []float32 {
	t.Helper()
	w := make([]float32, net.W.Size())
	if err := b.Read(w, net.W); err != nil {
		t.Fatal(err)
	}
	return w
}

// trained runs a toy training on b and returns its result and weights.
func trained(t *testing.T, b glyph.Backend, data Data, opt Options) (Result, []float32) {
	t.Helper()
	defer b.Close()
	net := newNet(t, b, toyMLP, opt.Batch)
	r, err := Run(context.Background(), b, net, data, opt, Callbacks{})
	if err != nil {
		t.Fatal(err)
	}
	return r, weights(t, b, net)
}

// trainedSlowly is trained on the CPU where every repeat takes long, by a clock
// that nobody waits for, so that chunks stay short.
func trainedSlowly(t *testing.T, workers int, data Data, opt Options) (r Result, w []float32) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r, w = trained(t, slow{cpu.New[float32](workers)}, data, opt)
	})
	return r, w
}

// slow stretches every repeat.
type slow struct{ glyph.Backend }

func (s slow) Repeat(n int, step func()) {
	s.Backend.Repeat(n, step)
	time.Sleep(2*chunkTime + chunkTime/10)
}

func TestSameBits(t *testing.T) {
	data, opt := toyData(100, 20, 40), toyOptions()
	opt.Epochs = 2
	r, want := trained(t, cpu.New[float32](1), data, opt)
	on := func(workers int) func() (Result, []float32) {
		return func() (Result, []float32) { return trained(t, cpu.New[float32](workers), data, opt) }
	}
	for _, c := range []struct {
		name  string
		train func() (Result, []float32)
	}{
		{"again", on(1)},
		{"three workers", on(3)},
		{"chunks of one step", func() (Result, []float32) { return trainedSlowly(t, 1, data, opt) }},
	} {
		got, w := c.train()
		if !slices.Equal(w, want) {
			t.Errorf("%s: other weights", c.name)
		}
		if got.Test.Loss != r.Test.Loss || got.Epochs[1].TrainLoss != r.Epochs[1].TrainLoss {
			t.Errorf("%s: losses %v, %v, want %v, %v", c.name, got.Epochs[1].TrainLoss, got.Test.Loss, r.Epochs[1].TrainLoss, r.Test.Loss)
		}
	}
}

// The seed draws the batch order: without dropout nothing else depends on it.
func TestSeedDrawsTheOrder(t *testing.T) {
	data, opt := toyData(100, 0, 0), toyOptions()
	plain := toyMLP
	plain.Dropout = nil
	run := func(seed uint64) []float32 {
		b := cpu.New[float32](1)
		defer b.Close()
		net := newNet(t, b, plain, opt.Batch)
		opt.Seed = seed
		if _, err := Run(context.Background(), b, net, data, opt, Callbacks{}); err != nil {
			t.Fatal(err)
		}
		return weights(t, b, net)
	}
	if slices.Equal(run(1), run(2)) {
		t.Error("another seed gives the same weights")
	}
}

// The clock goes on from epoch to epoch, and with it the learning rate: an
// epoch at rate 0 changes nothing.
func TestScheduleGoesOnAcrossEpochs(t *testing.T) {
	data, opt := toyData(100, 0, 0), toyOptions()
	opt.Rule = glyph.NewOptimizer(glyph.SGD)
	opt.Epochs = 1
	_, want := trained(t, cpu.New[float32](1), data, opt)
	opt.Epochs, opt.Schedule = 2, Schedule{Kind: StepSchedule, StepEpochs: 1, StepFactor: 0}
	r, got := trained(t, cpu.New[float32](1), data, opt)
	if !slices.Equal(got, want) {
		t.Error("an epoch at learning rate 0 changed the weights")
	}
	if r.Epochs[0].LR != float32(opt.LR) || r.Epochs[1].LR != 0 {
		t.Errorf("learning rates %v and %v", r.Epochs[0].LR, r.Epochs[1].LR)
	}
}

func TestLearns(t *testing.T) {
	r, _ := trained(t, cpu.New[float32](2), toyData(400, 0, 200), toyOptions())
	if r.Test.Accuracy < 0.9 {
		t.Errorf("test accuracy %.3f on two easy classes", r.Test.Accuracy)
	}
	if first, last := r.Epochs[0].TrainLoss, r.Epochs[3].TrainLoss; !(last < first/2) {
		t.Errorf("training loss went from %.3f to %.3f", first, last)
	}
	if r.Images != 4*400 || r.Best != 4 || r.Stopped != RanToEnd {
		t.Errorf("%d images, best epoch %d, stopped %q", r.Images, r.Best, r.Stopped)
	}
}

// The last batch of 100 images in batches of 16 has 4: all are seen, each once.
func TestShortBatchCounts(t *testing.T) {
	data, b := toyData(100, 0, 0), cpu.New[float32](1)
	defer b.Close()
	net := newNet(t, b, toyMLP, 16)
	data.Test = data.Train
	e, err := Evaluate(context.Background(), b, net, data)
	if err != nil {
		t.Fatal(err)
	}
	total, right := 0, 0
	for label, row := range e.Confusion {
		n := 0
		for prediction, count := range row {
			n += count
			if label == prediction {
				right += count
			}
		}
		if n != 50 {
			t.Errorf("label %d counted %d times, want 50", label, n)
		}
		total += n
	}
	if total != 100 || math.Abs(e.Accuracy-float64(right)/100) > 1e-12 {
		t.Errorf("%d counted, %d right, accuracy %v", total, right, e.Accuracy)
	}
	whole, err := Evaluate(context.Background(), b, newNet(t, b, toyMLP, 100), data)
	if err != nil || math.Abs(whole.Loss-e.Loss) > 1e-6 {
		t.Errorf("loss %v in batches of 16, %v in one (%v)", e.Loss, whole.Loss, err)
	}
}

func TestL2IsPartOfTheCost(t *testing.T) {
	data, opt := toyData(64, 0, 0), toyOptions()
	opt.Epochs, opt.LR, opt.Rule = 1, 1e-12, glyph.NewOptimizer(glyph.SGD)
	run := func(lambda float32) (loss, norm float64) {
		b := cpu.New[float32](1)
		defer b.Close()
		net := newNet(t, b, toyMLP, opt.Batch)
		for _, p := range net.Params() {
			if strings.HasSuffix(p.Name, ".bias") { // which the penalty leaves out
				ones := make([]float32, p.Tensor.Size())
				for i := range ones {
					ones[i] = 1
				}
				b.Write(p.Tensor, ones)
			}
		}
		opt.Rule.L2 = lambda
		r, err := Run(context.Background(), b, net, data, opt, Callbacks{})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range weights(t, b, net)[:net.Decaying] {
			norm += float64(v) * float64(v)
		}
		return r.Epochs[0].TrainLoss, norm
	}
	plain, norm := run(0)
	with, _ := run(0.5)
	if got, want := with-plain, 0.25*norm; math.Abs(got-want) > 1e-5*want {
		t.Errorf("L2 adds %v to the loss, want λ/2·‖w‖² = %v", got, want)
	}
}

func TestEarlyStoppingRestoresTheBest(t *testing.T) {
	data, opt := toyData(40, 60, 20), toyOptions()
	opt.Epochs, opt.LR, opt.Patience = 200, 0.1, 5
	b := cpu.New[float32](2)
	defer b.Close()
	net := newNet(t, b, toyMLP, opt.Batch)
	r, err := Run(context.Background(), b, net, data, opt, Callbacks{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Epochs) == 200 || len(r.Epochs) != r.Best+5 || r.Stopped != NoImprovement || !strings.Contains(r.Stopped.Sentence(opt), "5 epochs") {
		t.Fatalf("%d epochs, best %d, stopped %q", len(r.Epochs), r.Best, r.Stopped)
	}
	for _, e := range r.Epochs {
		if e.Validation.Loss < r.Epochs[r.Best-1].Validation.Loss {
			t.Errorf("epoch %d was better than the best, %d", e.Epoch, r.Best)
		}
	}
	data.Test = data.Validation
	e, err := Evaluate(context.Background(), b, net, data)
	if err != nil || e.Loss != r.Epochs[r.Best-1].Validation.Loss {
		t.Errorf("validation loss of the weights kept is %v, want %v (%v)", e.Loss, r.Epochs[r.Best-1].Validation.Loss, err)
	}
}

func TestInterruptedTrainingIsEvaluated(t *testing.T) {
	data, opt := toyData(200, 0, 50), toyOptions()
	opt.Epochs = 1000000
	ctx, cancel := context.WithCancel(context.Background())
	b := cpu.New[float32](1)
	defer b.Close()
	r, err := Run(ctx, b, newNet(t, b, toyMLP, opt.Batch), data, opt, Callbacks{Progress: func(p Progress) {
		if p.Epoch == 3 {
			cancel()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if r.Stopped != Interrupted || len(r.Epochs) != 3 || r.Test.Confusion == nil {
		t.Errorf("stopped %q after %d epochs, test %+v", r.Stopped, len(r.Epochs), r.Test)
	}
	if r.Images >= 3*200 && r.Epochs[2].TrainLoss == 0 {
		t.Errorf("epoch 3 trained on nothing: %+v", r.Epochs[2])
	}
}

func TestNotFinite(t *testing.T) {
	data := toyData(100, 0, 10)
	run := func(opt Options, breakIt func(*models.Network, glyph.Backend)) *NotFinite {
		t.Helper()
		b := cpu.New[float32](2)
		defer b.Close()
		net := newNet(t, b, toyMLP, opt.Batch)
		if breakIt != nil {
			breakIt(net, b)
		}
		_, err := Run(context.Background(), b, net, data, opt, Callbacks{})
		var broken *NotFinite
		if !errors.As(err, &broken) {
			t.Fatalf("error %v, want a *NotFinite", err)
		}
		return broken
	}
	opt := toyOptions()
	got := run(opt, func(net *models.Network, b glyph.Backend) {
		for _, p := range net.Params() {
			if p.Name == "dense_2.bias" {
				b.Write(p.Tensor, []float32{0, float32(math.Inf(1))})
			}
		}
	})
	if got.Epoch != 1 || got.Step != 1 || got.Where != "the output of dense_2" || got.What != "+Inf" {
		t.Errorf("an infinite bias of the second layer is reported as: %v", got)
	}

	opt.LR, opt.Rule = 1e25, glyph.NewOptimizer(glyph.SGD)
	opt.Batch = 10
	got = run(opt, nil)
	if got.Epoch != 1 || got.Step < 1 || got.Step > 3 || got.Where == "the loss" {
		t.Errorf("a learning rate of 1e25 is reported as: %v", got)
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	for _, spec := range []models.Spec{
		{Model: "mlp", Hidden: []int{32}, Dropout: []float64{0.5}},
		{Model: "cnn", Filters: []int{4, 4, 4}, Units: []int{16}},
		{Model: "kmnist-benchmark"},
		{Model: "vgg", Filters: []int{3, 4}},
		{Model: "resnet", Depth: 8, Width: 3},
	} {
		t.Run(spec.Model, func(t *testing.T) {
			b := cpu.New[float32](2)
			defer b.Close()
			opt := toyOptions()
			opt.Batch, opt.Rule.L2, opt.Average = 8, 1e-4, 0.9
			opt.Augment = glyph.Augmentation{Shift: 2, Rotation: 10, Elastic: 2, Stroke: 1, Cutout: 5}
			data := toyData(0, 0, 0)
			data.Classes = 10
			data.Train = Set{Images: make([]uint8, 20*784), Labels: make([]uint8, 20), Shape: glyph.Shape{28, 28, 1}}
			tr := newTrainer(b, newNet(t, b, spec, 8), data, opt)
			tr.train.begin(0, make([]int32, 20))
			tr.step(8)
			if n := testing.AllocsPerRun(5, func() { tr.step(8); tr.step(4) }); n != 0 {
				t.Errorf("a step allocates %v times", n)
			}
		})
	}
}

// What Abort ends is evaluations alone: the steps are done and saved.
func TestAbort(t *testing.T) {
	for _, validation := range []int{0, 20} {
		b := cpu.New[float32](1)
		defer b.Close()
		data, opt := toyData(100, validation, 40), toyOptions()
		abort, cancel := context.WithCancel(t.Context())
		steps := 0
		var saved *State
		_, err := Resume(t.Context(), Training{
			Backend: b, Net: newNet(t, b, toyMLP, opt.Batch), Data: data, Options: opt, Abort: abort,
			Callbacks: Callbacks{Step: func(step int, _, _ float64) {
				if steps = step + 1; validation > 0 || steps == opt.Epochs*7 { // within the first epoch, or at the end
					cancel()
				}
			}},
			Saving: Saving{
				Due:  func(bool) bool { return false },
				Save: func(s *State) error { saved = s; return nil },
			},
		})
		want := opt.Epochs * 7
		if validation > 0 {
			want = 7
		}
		if !errors.Is(err, context.Canceled) || steps != want {
			t.Errorf("validation on %d: %d steps, %v", validation, steps, err)
		}
		if done := saved != nil && saved.Done; done != (validation == 0) {
			t.Errorf("validation on %d: saved %+v", validation, saved)
		}
	}
}

// Without patience, the best weights are kept where that is asked for, and the last
// where it is not; the training is the same.
func TestKeepBest(t *testing.T) {
	data, opt := toyData(40, 60, 20), toyOptions()
	opt.Epochs, opt.LR = 30, 0.1
	run := func(keep bool) (Result, Evaluation) {
		b := cpu.New[float32](2)
		defer b.Close() //nolint:errcheck // a processor does not fail
		net := newNet(t, b, toyMLP, opt.Batch)
		opt.KeepBest = keep
		r, err := Run(context.Background(), b, net, data, opt, Callbacks{})
		if err != nil {
			t.Fatal(err)
		}
		on := data
		on.Test = data.Validation
		e, err := Evaluate(context.Background(), b, net, on)
		if err != nil {
			t.Fatal(err)
		}
		return r, e
	}
	last, lastLoss := run(false)
	best, bestLoss := run(true)
	lowest := 0
	for i, e := range best.Epochs {
		if e.Validation.Loss < best.Epochs[lowest].Validation.Loss {
			lowest = i
		}
		if *e.Validation != *last.Epochs[i].Validation || e.TrainLoss != last.Epochs[i].TrainLoss {
			t.Fatalf("epoch %d is another training", e.Epoch)
		}
	}
	if lowest == len(best.Epochs)-1 {
		t.Fatal("the last epoch is the best: nothing is tested")
	}
	if best.Best != lowest+1 || bestLoss.Loss != best.Epochs[lowest].Validation.Loss || best.Stopped != RanToEnd {
		t.Errorf("epoch %d is kept with a loss of %v; the best is %d with %v", best.Best, bestLoss.Loss, lowest+1, best.Epochs[lowest].Validation.Loss)
	}
	if last.Best != 30 || lastLoss.Loss != last.Epochs[29].Validation.Loss {
		t.Errorf("epoch %d is kept with a loss of %v; the last has %v", last.Best, lastLoss.Loss, last.Epochs[29].Validation.Loss)
	}
	opt.KeepBest, data.Validation = true, Set{}
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // as above
	if _, err := Run(context.Background(), b, newNet(t, b, toyMLP, opt.Batch), data, opt, Callbacks{}); err == nil || !strings.Contains(err.Error(), "validation set") {
		t.Errorf("without a validation set: %v", err)
	}
}

// A validation loss of exactly 0 is better than any other.
func TestBestOfZero(t *testing.T) {
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // as above
	k := newBest(b, newNet(t, b, toyMLP, 4), Options{Patience: 2})
	for i, loss := range []float64{0.5, 0, 0.25, 0} {
		if over := k.worse(Epoch{Epoch: i + 1, Validation: &Score{Loss: loss}}); over != (i == 3) {
			t.Errorf("epoch %d: over %v", i+1, over)
		}
	}
	if k.restore(4) != 2 {
		t.Errorf("epoch %d is kept, want 2", k.restore(4))
	}
}
