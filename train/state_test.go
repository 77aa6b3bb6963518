package train

import (
	"context"
	"encoding/json"
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
				say := Callbacks{}
				if from == nil {
					say.Due = func(bool) bool { return true }
					say.Save = func(s *State) error { states = append(states, s); return nil }
				}
				r, err := Resume(context.Background(), b, net, data, c.opt, from, say)
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
				got, w := run(through(t, s))
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

// through is a state as a checkpoint brings it back.
func through(t *testing.T, s *State) *State {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	back := &State{W: s.W, M: s.M, V: s.V, Best: s.Best}
	if err := json.Unmarshal(text, back); err != nil {
		t.Fatal(err)
	}
	return back
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
	whole, full := resumed(t, data, opt, nil, Callbacks{}, context.Background())
	for at := range 20 {
		ctx, cancel := context.WithCancel(context.Background())
		var last *State
		first, _ := resumed(t, data, opt, nil, Callbacks{
			Step: func(step int, _, _ float64) {
				if step >= at {
					cancel()
				}
			},
			Save: func(s *State) error { last = s; return nil },
		}, ctx)
		cancel()
		if first.Stopped != Interrupted || last == nil || last.Done {
			t.Fatalf("stopped %q with state %+v", first.Stopped, last)
		}
		got, w := resumed(t, data, opt, through(t, last), Callbacks{}, context.Background())
		if !slices.Equal(w, full) || !reflect.DeepEqual(got, whole) {
			t.Errorf("interrupted at step %d: another end", at)
		}
	}
}

func resumed(t *testing.T, data Data, opt Options, from *State, say Callbacks, ctx context.Context) (Result, []float32) {
	t.Helper()
	b := cpu.New[float32](2)
	defer b.Close() //nolint:errcheck // Resume has told of errors
	net := newNet(t, b, toyMLP, opt.Batch)
	r, err := Resume(ctx, b, net, data, opt, from, say)
	if err != nil {
		t.Fatal(err)
	}
	return timeless(r), weights(t, b, net)
}

func TestResumeRefusesAnotherTraining(t *testing.T) {
	data, opt := toyData(100, 40, 30), toyOptions()
	var s *State
	resumed(t, data, opt, nil, Callbacks{Due: func(bool) bool { return true }, Save: func(v *State) error {
		if v.Epoch == 2 {
			s = v
		}
		return nil
	}}, context.Background())
	for _, c := range []struct {
		name   string
		change func(s *State, o *Options, m *models.Spec)
		says   string
	}{
		{"fewer epochs", func(_ *State, o *Options, _ *models.Spec) { o.Epochs = 1 }, "epoch 3"},
		{"another rule", func(_ *State, o *Options, _ *models.Spec) { o.Rule = glyph.NewOptimizer(glyph.SGD) }, "moments"},
		{"another network", func(_ *State, _ *Options, m *models.Spec) { m.Hidden = []int{13} }, "parameters"},
		{"records lost", func(s *State, _ *Options, _ *models.Spec) { s.Epochs = nil }, "epoch 3"},
		{"a best that is not kept", func(s *State, _ *Options, _ *models.Spec) { s.Best = s.W }, "early stopping"},
	} {
		from, o, spec := *s, opt, toyMLP
		c.change(&from, &o, &spec)
		b := cpu.New[float32](1)
		_, err := Resume(context.Background(), b, newNet(t, b, spec, o.Batch), data, o, &from, Callbacks{})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
		b.Close() //nolint:errcheck // as above
	}
}
