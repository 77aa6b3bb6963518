package train

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/models"
)

// A training that goes on from any of its states, in another process for all it
// knows, ends with the same parameters, moments and records.
func TestResume(t *testing.T) {
	adam, momentum := glyph.NewOptimizer(glyph.Adam), glyph.NewOptimizer(glyph.Momentum)
	momentum.L2 = 0.01
	for _, c := range []struct {
		name string
		opt  Options
	}{
		{"adam", Options{Epochs: 4, Batch: 7, LR: 0.02, Seed: 3, Rule: adam, Augment: glyph.Augmentation{Shift: 1}}},
		{"momentum and L2, one-cycle", Options{Epochs: 3, Batch: 16, LR: 0.05, Seed: 4, Rule: momentum, Schedule: Schedule{Kind: OneCycle}}},
		{"the best of all epochs", Options{Epochs: 6, Batch: 16, LR: 0.4, Seed: 5, Rule: glyph.NewOptimizer(glyph.SGD), KeepBest: true}},
		{"an average", Options{Epochs: 3, Batch: 7, LR: 0.02, Seed: 3, Rule: adam, Average: 0.9, Augment: glyph.Augmentation{Elastic: 1.5, Stroke: 0.5, Cutout: 3}}},
		{"the best of the averages", Options{Epochs: 6, Batch: 16, LR: 0.4, Seed: 5, Rule: glyph.NewOptimizer(glyph.SGD), KeepBest: true, Average: 0.95}},
		{"early stopping", Options{Epochs: 30, Batch: 16, LR: 0.4, Seed: 5, Rule: glyph.NewOptimizer(glyph.SGD), Patience: 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := toyData(100, 40, 30)
			var states []*State
			var full []float32
			run := func(from *State) (Result, []float32) {
				b := cpu.New[float32](2)
				defer b.Close() //nolint:errcheck // Resume has told of errors
				net := newNet(t, b, toyMLP, c.opt.Batch)
				training := Training{Backend: b, Net: net, Data: data, Options: c.opt, From: from}
				if from == nil {
					training.Saving = Saving{
						Due:  func(bool) bool { return true },
						Save: func(s *State) error { states = append(states, s); return nil },
					}
				}
				r, err := Resume(context.Background(), training)
				if err != nil {
					t.Fatal(err)
				}
				return timeless(r), weights(t, b, net)
			}
			want, full := run(nil)
			if len(states) < c.opt.Epochs && c.opt.Patience == 0 {
				t.Fatalf("%d states in %d epochs", len(states), c.opt.Epochs)
			}
			inside := 0
			for _, s := range states {
				if s.Steps > 0 {
					inside++
				}
				got, w := run(s)
				if !slices.Equal(w, full) {
					t.Errorf("from epoch %d, step %d: other parameters", s.Epoch, s.Steps)
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("from epoch %d, step %d: %+v, want %+v", s.Epoch, s.Steps, got, want)
				}
			}
			if inside == 0 || !states[len(states)-1].Done {
				t.Errorf("%d of %d states are inside an epoch; the last is done: %v", inside, len(states), states[len(states)-1].Done)
			}
		})
	}
}

// timeless is a result without what the clock has a part in.
func timeless(r Result) Result {
	r.Took = 0
	for i := range r.Epochs {
		r.Epochs[i].ImagesPerSecond = 0
	}
	return r
}

// An interrupted training saves where it stands and goes on from there.
func TestResumeAfterInterrupt(t *testing.T) {
	data, opt := toyData(100, 40, 30), toyOptions()
	whole, full := resumed(t, context.Background(), Training{Data: data, Options: opt})
	for at := range 20 {
		ctx, cancel := context.WithCancel(context.Background())
		var last *State
		first, _ := resumed(t, ctx, Training{
			Data: data, Options: opt,
			Callbacks: Callbacks{Step: func(step int, _, _ float64) {
				if step >= at {
					cancel()
				}
			}},
			Saving: Saving{Save: func(s *State) error { last = s; return nil }},
		})
		cancel()
		if first.Stopped != Interrupted || last == nil || last.Done || last.Stopped != Interrupted {
			t.Fatalf("stopped %q with state %+v", first.Stopped, last)
		}
		got, w := resumed(t, context.Background(), Training{Data: data, Options: opt, From: last})
		if !slices.Equal(w, full) || !reflect.DeepEqual(got, whole) {
			t.Errorf("interrupted at step %d: another end", at)
		}
	}
}

// resumed runs a training on a backend and a network of its own.
func resumed(t *testing.T, ctx context.Context, training Training) (Result, []float32) {
	t.Helper()
	b := cpu.New[float32](2)
	defer b.Close() //nolint:errcheck // Resume has told of errors
	net := newNet(t, b, toyMLP, training.Options.Batch)
	training.Backend, training.Net = b, net
	r, err := Resume(ctx, training)
	if err != nil {
		t.Fatal(err)
	}
	return timeless(r), weights(t, b, net)
}

func TestResumeRefusesAnotherTraining(t *testing.T) {
	data, opt := toyData(100, 40, 30), toyOptions()
	var s *State
	keep := func(v *State) error {
		if v.Epoch == 2 {
			s = v
		}
		return nil
	}
	resumed(t, context.Background(), Training{Data: data, Options: opt, Saving: Saving{Due: func(bool) bool { return true }, Save: keep}})
	for _, c := range []struct {
		name   string
		change func(s *State, o *Options, m *models.Spec)
		says   string
	}{
		{"fewer epochs", func(_ *State, o *Options, _ *models.Spec) { o.Epochs = 1 }, "epoch 3"},
		{"another rule", func(_ *State, o *Options, _ *models.Spec) { o.Rule = glyph.NewOptimizer(glyph.SGD) }, "moments"},
		{"another network", func(_ *State, _ *Options, m *models.Spec) { m.Hidden = []int{13} }, "parameters"},
		{"records lost", func(s *State, _ *Options, _ *models.Spec) { s.Epochs = nil }, "epoch 3"},
		{"a best that is not kept", func(s *State, _ *Options, _ *models.Spec) { s.Best = s.W }, "does not keep"},
		{"an average that is not kept", func(s *State, _ *Options, _ *models.Spec) { s.Average = s.W }, "averaged parameters"},
		{"an average that is lost", func(_ *State, o *Options, _ *models.Spec) { o.Average = 0.9 }, "has 0 averaged parameters"},
		{"a best that is lost", func(_ *State, o *Options, _ *models.Spec) { o.KeepBest = true }, "lacks the best"},
	} {
		from, o, spec := *s, opt, toyMLP
		c.change(&from, &o, &spec)
		b := cpu.New[float32](1)
		_, err := Resume(context.Background(), Training{Backend: b, Net: newNet(t, b, spec, o.Batch), Data: data, Options: o, From: &from})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
		b.Close() //nolint:errcheck // as above
	}
}
