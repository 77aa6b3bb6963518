package settings

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"glyph"
	"glyph/models"
	"glyph/train"
)

// fields are the addresses of all values in a struct, by path. A pointer or a
// list is a value.
func fields(v reflect.Value, path string, found map[string]any) {
	if v.Kind() != reflect.Struct {
		found[path] = v.Addr().Interface()
		return
	}
	for i := range v.NumField() {
		fields(v.Field(i), path+"."+v.Type().Field(i).Name, found)
	}
}

// Every field has a description, and every description a field of its own.
func TestNoneForgotten(t *testing.T) {
	set := Default()
	found := map[string]any{}
	fields(reflect.ValueOf(&set).Elem(), "Training", found)
	// The data says these; nobody sets them.
	delete(found, "Training.Recipe.Spec.Input")
	delete(found, "Training.Recipe.Spec.Classes")
	names := map[string]bool{}
	for _, s := range All() {
		at, there := s.At(&set), false
		for path, field := range found {
			if field == at {
				there = true
				delete(found, path)
			}
		}
		if !there {
			t.Errorf("%s is no field, or that of another setting", s.Name)
		}
		for _, name := range append(s.Former, s.Name) {
			if names[name] {
				t.Errorf("two settings are called %s", name)
			}
			names[name] = true
		}
		switch at.(type) {
		case *int, *uint64, *float32, *float64, **float64, *string, *[]int, *[]float64:
		default:
			t.Errorf("%s is a %T", s.Name, at)
		}
		if s.Help == "" {
			t.Errorf("%s says nothing about itself", s.Name)
		}
	}
	for path := range found {
		t.Errorf("%s has no description", path)
	}
}

// changed gives a setting another value that acts and is valid.
func changed(t *testing.T, s Setting, set *Training) {
	t.Helper()
	switch p := s.At(set).(type) {
	case *int:
		*p++
		if s.Name == "depth" {
			*p = 14
		}
	case *uint64:
		*p++
	case *float32:
		*p = 0.25
	case *float64:
		*p = 0.25
	case **float64:
		*p = new(0.25)
	case *[]int:
		*p = []int{5}
	case *[]float64:
		*p = []float64{0.5}
	case *string:
		values := s.Values()
		*p = values[(max(0, slices.Index(values, *p))+1)%len(values)]
		if s.Name == "activation" && *p == "none" {
			*p = "tanh"
		}
	}
}

// Every setting of a recipe changes the JSON that a trial is known by, the spec
// or the options of a training: none is dropped on the way.
func TestEverySettingActs(t *testing.T) {
	for _, s := range All() {
		set := Default()
		set.Epochs, set.Activation = 20, "relu" // so that any warm-up fits
		for _, model := range models.PresetNames() {
			for _, optimizer := range glyph.OptimizerNames() {
				trial := set.Recipe
				trial.Model, trial.Optimizer = model, optimizer
				if s.Acts == nil || s.Acts(trial) {
					set.Model, set.Optimizer = model, optimizer
				}
			}
		}
		before, other := set, set
		changed(t, s, &other)
		one, err := before.Options()
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		two, err := other.Options()
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		if err := other.Spec.Validate(); err != nil && s.Name != "model" {
			t.Errorf("%s: %v", s.Name, err)
		}
		inOptions := !reflect.DeepEqual(one, two)
		inSpec := before.Spec.String() != other.Spec.String()
		a, _ := json.Marshal(before.Recipe.Complete())
		b, _ := json.Marshal(other.Recipe.Complete())
		inTrial := string(a) != string(b)
		switch s.Name {
		case "limit":
			inOptions = inTrial // of the data
		case "validation", "normalise": // of the data
			continue
		case "lr", "seed", "patience": // of a trial, or of no trial
			inTrial = true
		}
		if !inTrial || !inOptions && !inSpec {
			t.Errorf("%s: in the options %t, in the spec %t, in a trial %t", s.Name, inOptions, inSpec, inTrial)
		}
	}
}

// What does not act, or is the default anyway, makes no other recipe.
func TestComplete(t *testing.T) {
	base := Recipe{Spec: models.Spec{Model: "mlp"}, Epochs: 3, Batch: 8}
	want, _ := json.Marshal(base.Complete())
	for name, change := range map[string]func(*Recipe){
		"momentum of sgd":      func(r *Recipe) { r.Momentum = new(0.5) },
		"decay of sgd":         func(r *Recipe) { r.WeightDecay = new(0.5) },
		"the default units":    func(r *Recipe) { r.Hidden = []int{256} },
		"the default rule":     func(r *Recipe) { r.Optimizer = "sgd" },
		"the default schedule": func(r *Recipe) { r.Schedule = "constant" },
	} {
		r := base
		change(&r)
		if got, _ := json.Marshal(r.Complete()); string(got) != string(want) {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	for name, optimizer := range map[string]string{"momentum": "nesterov", "weight_decay": "adamw"} {
		for _, v := range []float64{0, 0.5} {
			r := base
			r.Optimizer, r.Momentum, r.WeightDecay = optimizer, &v, &v
			got, _ := json.Marshal(r.Complete())
			if !strings.Contains(string(got), `"`+name+`":`) {
				t.Errorf("%s of %v is not in %s", name, v, got)
			}
		}
		r := base
		r.Optimizer, r.Momentum, r.WeightDecay = optimizer, new(0.9), new(0.01)
		if got, _ := json.Marshal(r.Complete()); strings.Contains(string(got), name) {
			t.Errorf("the default %s is in %s", name, got)
		}
	}
}

// Where nothing is set the rules have the constants of their papers, and the
// defaults that the help tells are those.
func TestDefaults(t *testing.T) {
	for _, name := range glyph.OptimizerNames() {
		set := Default()
		set.Optimizer = name
		opt, err := set.Options()
		if err != nil {
			t.Fatal(err)
		}
		if want, _ := glyph.ParseOptimizer(name); opt.Rule != want {
			t.Errorf("%s: %+v, want %+v", name, opt.Rule, want)
		}
		m, d := 0.9, 0.01
		set.Momentum, set.WeightDecay = &m, &d
		if again, _ := set.Options(); again != opt {
			t.Errorf("%s: the told defaults make %+v of %+v", name, again, opt)
		}
	}
	for model, want := range map[string]models.Spec{
		"mlp": {Hidden: []int{256}, Activation: "relu"}, "cnn": {Filters: []int{32, 64, 64}, Units: []int{256}, Activation: "relu"},
	} {
		got := models.Spec{Model: model}.WithDefaults()
		if !slices.Equal(got.Hidden, want.Hidden) || !slices.Equal(got.Filters, want.Filters) || !slices.Equal(got.Units, want.Units) || got.Activation != want.Activation || got.Init != "glorot-uniform" {
			t.Errorf("the defaults of %s are %+v", model, got)
		}
	}
}

func TestErrorsNameTheSetting(t *testing.T) {
	for name, change := range map[string]func(*Training){
		"weight-decay":    func(t *Training) { t.Optimizer, t.WeightDecay = "adamw", new(-1.0) },
		"momentum":        func(t *Training) { t.Optimizer, t.Momentum = "nesterov", new(1.0) },
		"l2":              func(t *Training) { t.L2 = math.NaN() },
		"label-smoothing": func(t *Training) { t.LabelSmoothing = 0.999999999 },
		"optimizer":       func(t *Training) { t.Optimizer = "lion" },
		"schedule":        func(t *Training) { t.Schedule = "zigzag" },
		"warmup":          func(t *Training) { t.Warmup = -1 },
		"shear":           func(t *Training) { t.Augment.Shear = 46 },
		"ema":             func(t *Training) { t.Average = 0.999999999 },
		"stroke":          func(t *Training) { t.Augment.Stroke = 1.5 },
		"elastic":         func(t *Training) { t.Augment.Elastic = 65 },
		"cutout":          func(t *Training) { t.Augment.Cutout = -1 },
		"epochs":          func(t *Training) { t.Epochs = 0 },
		"patience":        func(t *Training) { t.Patience = -1 },
	} {
		set := Default()
		change(&set)
		_, err := set.Options()
		wrong, ok := err.(*models.SettingError)
		if !ok || wrong.Setting != name || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCurrentName(t *testing.T) {
	for name, want := range map[string]string{"holdout": "validation", "standardise": "normalise", "smoothing": "label-smoothing", "lr": "lr", "other": "other"} {
		if got := CurrentName(name); got != want {
			t.Errorf("%s is called %s, want %s", name, got, want)
		}
	}
	list := All()
	list[0].Name = "changed"
	if All()[0].Name != "model" {
		t.Error("changing the list changed the package")
	}
	for i := 1; i < len(list); i++ {
		if list[i].Group < list[i-1].Group {
			t.Errorf("%s is apart from its group", list[i].Name)
		}
	}
	if got, want := (Setting{Help: "schedule; so", Values: train.ScheduleNames, Unset: "x"}).Usage(), "schedule: constant, step, cosine, one-cycle; so (default x)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A list of names is the caller's: changing it changes nothing in the package it
// is of.
func TestNamesAreCopies(t *testing.T) {
	for _, s := range All() {
		if s.Values == nil {
			continue
		}
		list := s.Values()
		want := list[0]
		list[0] = "changed"
		if got := s.Values()[0]; got != want {
			t.Errorf("the first value of %s is now %q", s.Name, got)
		}
	}
}
