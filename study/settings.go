package study

import (
	"fmt"
	"slices"

	"glyph"
	"glyph/models"
	"glyph/train"
)

// Settings are those of a training, but for its learning rate and seed. In an
// experiment an empty setting is one that is not set there.
type Settings struct {
	Model      string    `json:"model,omitempty"` // a preset of package models
	Hidden     []int     `json:"hidden,omitempty"`
	Filters    []int     `json:"filters,omitempty"`
	Units      []int     `json:"units,omitempty"`
	Activation string    `json:"activation,omitempty"`
	Dropout    []float64 `json:"dropout,omitempty"`
	Init       string    `json:"init,omitempty"`
	L2         float64   `json:"l2,omitempty"`

	Images    int                `json:"images,omitempty"` // the first so many of the training set; 0 is all
	Epochs    int                `json:"epochs,omitempty"`
	Batch     int                `json:"batch,omitempty"`
	Optimizer string             `json:"optimizer,omitempty"`
	Schedule  string             `json:"schedule,omitempty"`
	Decay     float64            `json:"weight_decay,omitempty"` // of the rule adamw
	Smoothing float64            `json:"smoothing,omitempty"`
	Augment   glyph.Augmentation `json:"augment,omitzero"` // of training images

	// Norms records the gradient norms of every layer, see Norms.
	Norms bool `json:"norms,omitempty"`

	// Rates are the learning rates that are tried on the validation set. A single
	// one is not tried but taken.
	Rates []float64 `json:"-"`
}

// with is s overlaid by what o sets.
func (s Settings) with(o Settings) Settings {
	take := func(set bool, apply func()) {
		if set {
			apply()
		}
	}
	take(o.Model != "", func() { s.Model = o.Model })
	take(o.Hidden != nil, func() { s.Hidden = o.Hidden })
	take(o.Filters != nil, func() { s.Filters = o.Filters })
	take(o.Units != nil, func() { s.Units = o.Units })
	take(o.Activation != "", func() { s.Activation = o.Activation })
	take(o.Dropout != nil, func() { s.Dropout = o.Dropout })
	take(o.Init != "", func() { s.Init = o.Init })
	take(o.L2 != 0, func() { s.L2 = o.L2 })
	take(o.Images != 0, func() { s.Images = o.Images })
	take(o.Epochs != 0, func() { s.Epochs = o.Epochs })
	take(o.Batch != 0, func() { s.Batch = o.Batch })
	take(o.Optimizer != "", func() { s.Optimizer = o.Optimizer })
	take(o.Schedule != "", func() { s.Schedule = o.Schedule })
	take(o.Decay != 0, func() { s.Decay = o.Decay })
	take(o.Smoothing != 0, func() { s.Smoothing = o.Smoothing })
	take(!o.Augment.IsZero(), func() { s.Augment = o.Augment })
	take(o.Norms, func() { s.Norms = true })
	take(o.Rates != nil, func() { s.Rates = o.Rates })
	return s
}

// spec is the network.
func (s Settings) spec() models.Spec {
	return models.Spec{
		Model: s.Model, Hidden: s.Hidden, Filters: s.Filters, Units: s.Units,
		Activation: s.Activation, Dropout: s.Dropout, Init: s.Init, L2: s.L2,
	}
}

// complete fills in every default, so that a default that changes later makes
// other settings.
func (s Settings) complete() Settings {
	spec := s.spec().WithDefaults()
	s.Hidden, s.Filters, s.Units = spec.Hidden, spec.Filters, spec.Units
	s.Activation, s.Dropout, s.Init = spec.Activation, spec.Dropout, spec.Init
	if s.Optimizer == "" {
		s.Optimizer = glyph.NewOptimizer(glyph.SGD).String()
	}
	if s.Schedule == "" {
		s.Schedule = train.Schedule{}.String()
	}
	s.Rates = slices.Clone(s.Rates)
	slices.Sort(s.Rates)
	return s
}

// options are those of a training at a learning rate.
func (s Settings) options(rate float64, seed uint64) (train.Options, error) {
	rule, err := glyph.ParseOptimizer(s.Optimizer)
	if err != nil {
		return train.Options{}, err
	}
	rule.L2 = float32(s.L2)
	if s.Decay != 0 {
		rule.WeightDecay = float32(s.Decay)
	}
	schedule, err := train.ParseSchedule(s.Schedule)
	if err != nil {
		return train.Options{}, err
	}
	opt := train.Options{
		Epochs: s.Epochs, Batch: s.Batch, Rule: rule, LR: rate, Schedule: schedule,
		Smoothing: s.Smoothing, Augment: s.Augment, Seed: seed,
	}
	return opt, opt.Validate()
}

// Validate tells what is wrong with complete settings.
func (s Settings) Validate() error {
	if err := s.spec().Validate(); err != nil {
		return err
	}
	if s.Images < 0 {
		return fmt.Errorf("images must be 0 (all) or more, not %d", s.Images)
	}
	if len(s.Rates) == 0 {
		return fmt.Errorf("there is no learning rate")
	}
	for _, r := range s.Rates {
		if _, err := s.options(r, 1); err != nil {
			return err
		}
	}
	return nil
}
