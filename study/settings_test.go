package study

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/models"
	"glyph/settings"
)

// A choice can set anything to anything: also to nothing.
func TestChoicesSwitchOff(t *testing.T) {
	fixed := mlp().with(func(s *Settings) {
		s.L2, s.LabelSmoothing, s.Norms, s.Augment, s.Warmup = 0.1, 0.1, true, glyph.DefaultAugmentation(), 2
		s.Dropout, s.Optimizer, s.WeightDecay = []float64{0.5}, "adamw", new(0.5)
	})
	e := Experiment{Name: "off", Fixed: fixed, Vary: []Axis{{"all", []Choice{
		{Label: "as fixed"},
		{Label: "off", Set: func(s *Settings) {
			s.L2, s.LabelSmoothing, s.Norms, s.Augment, s.Warmup = 0, 0, false, glyph.Augmentation{}, 0
			s.Dropout, s.WeightDecay = nil, new(0.0)
		}},
	}}}}
	if err := e.Validate(); err != nil {
		t.Fatal(err)
	}
	arms, _ := e.arms(size{train: 100})
	on, off := arms[0].Settings, arms[1].Settings
	if on.L2 != 0.1 || !on.Norms || on.Augment.IsZero() || *on.WeightDecay != 0.5 || on.Dropout[0] != 0.5 {
		t.Errorf("as fixed: %+v", on)
	}
	if off.L2 != 0 || off.LabelSmoothing != 0 || off.Norms || !off.Augment.IsZero() || off.Warmup != 0 || off.WeightDecay == nil || *off.WeightDecay != 0 || off.Dropout[0] != 0 {
		t.Errorf("off: %+v", off)
	}
	opt, err := off.Options(0.1, 1)
	if err != nil || opt.Rule.WeightDecay != 0 || opt.Rule.L2 != 0 {
		t.Errorf("%+v, %v", opt, err)
	}
	if a, b := (Trial{Settings: on}).ID(), (Trial{Settings: off}).ID(); a == b {
		t.Error("both are the same trial")
	}
}

// What a choice changes is not shared with the experiment, nor with other arms.
func TestChoicesAreApart(t *testing.T) {
	fixed := cnn()
	fixed.with(func(s *Settings) { s.Filters[0], s.Units[0], s.Rates[0] = 1, 1, 1 })
	if !reflect.DeepEqual(fixed, cnn()) {
		t.Errorf("a choice changed what is fixed: %+v", fixed)
	}
	list := Experiments()
	list[0].Fixed.Hidden[0], list[0].Name = 1, "changed"
	if again := Experiments(); again[0].Fixed.Hidden[0] != 256 || again[0].Name != "hidden" {
		t.Error("changing the list of experiments changed the package's")
	}
	findings := Findings()
	findings[0].Says = "changed"
	if Findings()[0].Says == "changed" {
		t.Error("changing the findings changed the package's")
	}
}

// Every field of Settings is described in package settings, or is the study's
// own; every one is in the JSON that names a trial, or is chosen apart.
func TestSettingsAreDescribed(t *testing.T) {
	own := []string{"Recipe", "Norms", "Views", "Rates"}
	for i := range reflect.TypeFor[Settings]().NumField() {
		if name := reflect.TypeFor[Settings]().Field(i).Name; i >= len(own) || name != own[i] {
			t.Errorf("%s is a setting of a study alone: describe it in package settings", name)
		}
	}
	trial := Trial{Data: "d", Settings: Settings{Norms: true, Views: 1, Recipe: settings.Recipe{
		Spec:   models.Spec{Model: "m", Input: []int{1}, Classes: 2, Hidden: []int{1}, Filters: []int{1}, Units: []int{1}, Activation: "a", Dropout: []float64{1}, Init: "i", L2: 1, Depth: 1, Width: 1, Norm: "n", Shortcut: "s"},
		Images: 1, Epochs: 1, Batch: 1, Optimizer: "o", Schedule: "s", WeightDecay: new(1.0), LabelSmoothing: 1, Augment: glyph.DefaultAugmentation(), Momentum: new(1.0), Warmup: 1, Average: 1,
	}}, Rate: 1, Seed: 1, Validation: true}
	text, err := json.Marshal(trial)
	if err != nil {
		t.Fatal(err)
	}
	var back Trial
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, trial) {
		t.Errorf("%s reads as %+v, %v", text, back, err)
	}
	values := reflect.ValueOf(trial.Recipe)
	for i := range values.NumField() {
		if values.Field(i).IsZero() {
			t.Errorf("this test forgets %s", values.Type().Field(i).Name)
		}
	}
}

// Norms of a network with dropout are measured: the first time is before the
// training gives the network its clock.
func TestNormsWithDropout(t *testing.T) {
	base := tiny()[1].Fixed.with(func(s *Settings) { s.Images, s.Dropout = 40, []float64{0.5} }).complete()
	trial := Trial{Data: "d", Settings: base, Rate: 0.1, Seed: 1}
	data, err := tinyData().Open(40, Whole)
	if err != nil {
		t.Fatal(err)
	}
	var first Result
	for i := range 2 {
		b := cpu.New[float32](1)
		r, err := do(context.Background(), b, trial, data)
		b.Close()
		if err != nil || len(r.Norms) != 3 || !(r.Norms[0].Norm[0] > 0) {
			t.Fatalf("%v: %+v", err, r.Norms)
		}
		if i == 0 {
			first = r
		} else if !reflect.DeepEqual(r.Norms, first.Norms) || r.Loss != first.Loss {
			t.Errorf("%+v and %+v", r.Norms, first.Norms)
		}
	}
	plain := trial
	plain.Norms = false
	b := cpu.New[float32](1)
	defer b.Close()
	if r, err := do(context.Background(), b, plain, data); err != nil || r.Loss != first.Loss {
		t.Errorf("measuring changes the training: %v and %v, %v", r.Loss, first.Loss, err)
	}
}

// One of a thing is told as one.
func TestOneOfAThing(t *testing.T) {
	c := Contents{Manifest: Manifest{Format: Format, Scope: Scope{Seeds: 1}, Train: 40, Test: 20, Hash: "h", Experiments: []string{"width"}},
		Results: Results{}, Sessions: []Session{{Backend: "cpu", Parallel: 1}}}
	a, err := Analyse(c, tiny())
	if err != nil {
		t.Fatal(err)
	}
	for _, fact := range a.facts() {
		if fact[0] == "backend" && fact[1] != "cpu, 1 trial at once" {
			t.Error(fact[1])
		}
	}
	says := SpreadsMore{[]string{"a"}, []string{"b", "c"}}.contrasts()[0].says
	if !strings.Contains(says, "1 arm from a") || !strings.Contains(says, "2 arms from b") {
		t.Error(says)
	}
}

// Views evaluate the same network on more views of each image.
func TestViews(t *testing.T) {
	base := tiny()[1].Fixed.with(func(s *Settings) { s.Images = 40 }).complete()
	data, err := tinyData().Open(40, Whole)
	if err != nil {
		t.Fatal(err)
	}
	var results []Result
	for _, views := range []int{0, 1} {
		b := cpu.New[float32](1)
		r, err := do(context.Background(), b, Trial{Data: "d", Settings: base.with(func(s *Settings) { s.Views = views }), Rate: 0.1, Seed: 1}, data)
		b.Close()
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, r)
	}
	if a, b := results[0], results[1]; a.TrainLoss != b.TrainLoss || a.Loss == b.Loss {
		t.Errorf("training losses %v and %v, test losses %v and %v", a.TrainLoss, b.TrainLoss, a.Loss, b.Loss)
	}
	if err := base.with(func(s *Settings) { s.Views = 9 }).Validate(); err == nil {
		t.Error("views that are moved by 9 pixels are accepted")
	}
}
