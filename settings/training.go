package settings

import (
	"fmt"

	"glyph"
	"glyph/models"
	"glyph/train"
)

// Recipe is a network and how it is trained, but for the learning rate and the
// seed. A nil pointer or list has the default of the rule or the preset. As JSON
// it is part of the identity of a study's trials: the keys and their order stay,
// and a new one is left out where it has its default.
type Recipe struct {
	models.Spec

	Images         int                `json:"images,omitempty"` // how many of the training set, from the first; 0 is all
	Epochs         int                `json:"epochs,omitempty"`
	Batch          int                `json:"batch,omitempty"`
	Optimizer      string             `json:"optimizer,omitempty"` // see glyph.ParseOptimizer
	Schedule       string             `json:"schedule,omitempty"`  // see train.ParseSchedule
	WeightDecay    *float64           `json:"weight_decay,omitempty"`
	LabelSmoothing float64            `json:"smoothing,omitempty"`
	Augment        glyph.Augmentation `json:"augment,omitzero"` // of training images
	Momentum       *float64           `json:"momentum,omitempty"`
	Warmup         int                `json:"warmup,omitempty"` // epochs
	Average        float64            `json:"ema,omitempty"`    // see train.Options
}

// Training holds all settings of a training.
type Training struct {
	Recipe

	Validation float64 // training images held out: a fraction below 1, or a number
	Normalise  string  // over the whole "set" or each "pixel"
	LR         float64 // base learning rate
	Seed       uint64
	Patience   int // epochs without a better validation loss before stopping; 0 never stops
}

// Default is the settings of a training where the user sets nothing.
func Default() Training {
	return Training{
		Recipe: Recipe{
			Spec:      models.Spec{Model: "cnn"},
			Epochs:    10,
			Batch:     64,
			Optimizer: glyph.Optimizer{Kind: glyph.SGD}.String(),
			Schedule:  train.Schedule{Kind: train.Constant}.String(),
		},
		Validation: 0.1,
		Normalise:  NormaliseSet,
		LR:         0.01,
		Seed:       1,
	}
}

// The values of Training.Normalise.
const (
	NormaliseSet   = "set"
	NormalisePixel = "pixel"
)

// ruleUses reports whether a rule has momentum to set, and weight decay.
func ruleUses(rule glyph.Optimizer) (momentum, decay bool) {
	return rule.Kind == glyph.Momentum || rule.Kind == glyph.Nesterov, rule.Kind == glyph.AdamW
}

// Options is the recipe at a learning rate, checked. Momentum and weight decay
// are left out where the rule has none.
func (r Recipe) Options(lr float64, seed uint64) (train.Options, error) {
	rule, err := glyph.ParseOptimizer(r.Optimizer)
	if err != nil {
		return train.Options{}, &models.SettingError{Setting: "optimizer", Problem: fmt.Sprintf(": %v", err)}
	}
	schedule, err := train.ParseSchedule(r.Schedule)
	if err != nil {
		return train.Options{}, &models.SettingError{Setting: "schedule", Problem: fmt.Sprintf(": %v", err)}
	}
	schedule.Warmup = r.Warmup
	momentum, decay := ruleUses(rule)
	if momentum && r.Momentum != nil {
		rule.Momentum = float32(*r.Momentum)
	}
	if decay && r.WeightDecay != nil {
		rule.WeightDecay = float32(*r.WeightDecay)
	}
	rule.L2 = float32(r.L2)
	opt := train.Options{
		Epochs: r.Epochs, Batch: r.Batch, Rule: rule, LR: lr, Schedule: schedule,
		Smoothing: r.LabelSmoothing, Augment: r.Augment, Seed: seed, Average: r.Average,
	}
	return opt, opt.Validate()
}

// Options is Recipe.Options with the rest of the settings.
func (t Training) Options() (train.Options, error) {
	opt, err := t.Recipe.Options(t.LR, t.Seed)
	if err != nil {
		return opt, err
	}
	opt.Patience = t.Patience
	return opt, opt.Validate()
}

// Complete fills in every default and drops what has no effect, so that recipes
// that train alike are equal, and a default that changes later makes a different
// recipe.
func (r Recipe) Complete() Recipe {
	spec := r.Spec.WithDefaults()
	spec.Input, spec.Classes = r.Input, r.Classes // of the data
	r.Spec = spec
	d := Default()
	if r.Optimizer == "" {
		r.Optimizer = d.Optimizer
	}
	if r.Schedule == "" {
		r.Schedule = d.Schedule
	}
	if rule, err := glyph.ParseOptimizer(r.Optimizer); err == nil {
		momentum, decay := ruleUses(rule)
		r.Momentum = unless(r.Momentum, rule.Momentum, momentum)
		r.WeightDecay = unless(r.WeightDecay, rule.WeightDecay, decay)
	}
	return r
}

// unless is v where it has an effect and differs from the rule's own value.
func unless(v *float64, def float32, acts bool) *float64 {
	if v == nil || !acts || float32(*v) == def {
		return nil
	}
	return v
}
