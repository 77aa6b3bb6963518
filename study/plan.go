package study

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"glyph/internal/message"
)

// Scope is what a study covers. It must be the same for all results in a directory,
// except for the number of seeds.
type Scope struct {
	Quick bool `json:"quick"`
	Seeds int  `json:"seeds"`
}

// MaxSeeds is the largest number of trainings of a configuration.
const MaxSeeds = 1000

// Plan is the trials of some experiments on some data.
type Plan struct {
	Scope
	Data        Data
	Experiments []Planned
	// Configs are the configurations of all experiments, each once, in the
	// order in which they come first.
	Configs []Config
	// Gradients is whether gradients are to be compared.
	Gradients bool
}

// Planned is an experiment with its arms on the given data.
type Planned struct {
	Experiment
	Arms []Arm
	Left []string // arms that need more training images than there are
	Full []string // arms that the quick study leaves to the full one
}

// Config is a configuration: its trials are those that choose the learning
// rate, and one for each seed at the rate they choose.
type Config struct {
	Settings Settings // complete
	key      string   // names settings and rates
	group    string   // names the settings: its trials stay in one shard
}

// NewPlan finds the trials of experiments. Experiments that share a
// configuration share its trials.
func NewPlan(experiments []Experiment, data Data, scope Scope) (*Plan, error) {
	least := 2 * 10 // a validation set needs an image, and each class keeps one
	if data.Train < least || data.Test < 1 {
		return nil, fmt.Errorf("%d training and %d test images are too few for a study; it needs %d and 1", data.Train, data.Test, least)
	}
	if scope.Seeds < 1 || scope.Seeds > MaxSeeds {
		return nil, fmt.Errorf("seeds must be from 1 to %d, not %d", MaxSeeds, scope.Seeds)
	}
	p := &Plan{Scope: scope, Data: data}
	seen := map[string]bool{}
	for _, e := range experiments {
		arms, left := e.arms(size{scope.Quick, data.Train})
		p.Experiments = append(p.Experiments, Planned{e, arms, left.tooFew, left.full})
		p.Gradients = p.Gradients || e.Gradients
		for _, a := range arms {
			if err := cmp.Or(a.Settings.Validate(), data.fits(a.Settings.Spec)); err != nil {
				return nil, fmt.Errorf("experiment %s, %s: %w", e.Name, a.Label, err)
			}
			c := newConfig(a.Settings, data.Hash)
			if !seen[c.key] {
				seen[c.key] = true
				p.Configs = append(p.Configs, c)
			}
		}
	}
	return p, nil
}

func newConfig(s Settings, data string) Config {
	group := identity(Trial{Data: data, Settings: s})
	return Config{Settings: s, group: group, key: fmt.Sprint(group, s.Rates)}
}

// selection is the trials that choose the learning rate; none where there is
// no choice.
func (p *Plan) selection(c Config) (trials []Trial) {
	if len(c.Settings.Rates) < 2 {
		return nil
	}
	for _, rate := range c.Settings.Rates {
		for seed := range p.splits(c) {
			trials = append(trials, Trial{Data: p.Data.Hash, Settings: c.Settings, Rate: rate, Seed: uint64(seed), Validation: true})
		}
	}
	return trials
}

// HeldEnough is how many held-out images a learning rate is judged on, if MaxSplits
// different validation sets have that many: a single small one would choose by chance.
const (
	HeldEnough = 500
	MaxSplits  = 5
)

// splits is how many validation sets the learning rate of a configuration is chosen
// on, each with initial weights and a batch order of its own. The quick study
// takes one.
func (p *Plan) splits(c Config) int {
	held := int(math.Round(ValidationShare * float64(c.Settings.Images)))
	if p.Quick || held == 0 {
		return 1
	}
	return min((HeldEnough+held-1)/held, MaxSplits)
}

// final is the trials that are reported, at a learning rate.
func (p *Plan) final(c Config, rate float64) (trials []Trial) {
	for seed := range p.Seeds {
		trials = append(trials, Trial{Data: p.Data.Hash, Settings: c.Settings, Rate: rate, Seed: uint64(seed + 1)})
	}
	return trials
}

// rate is the learning rate of a configuration: the one with the best mean
// accuracy on the validation sets; ties go to the lower mean loss, then to the lower
// rate. It is false while one of the trials is missing.
func (p *Plan) rate(c Config, done Results) (float64, bool) {
	trials := p.selection(c)
	if trials == nil {
		return c.Settings.Rates[0], true
	}
	type sums struct{ rate, accuracy, loss float64 }
	all := make([]sums, 0, len(c.Settings.Rates))
	for _, t := range trials {
		r, ok := done[t.ID()]
		if !ok {
			return 0, false
		}
		if t.Seed == 0 { // the first of a rate
			all = append(all, sums{rate: t.Rate})
		}
		s := &all[len(all)-1]
		s.accuracy += r.Accuracy // one that diverged counts as guessing
		s.loss += r.Loss
	}
	best := slices.MinFunc(all, func(a, b sums) int {
		return cmp.Or(-cmp.Compare(a.accuracy, b.accuracy), cmp.Compare(a.loss, b.loss), cmp.Compare(a.rate, b.rate))
	})
	return best.rate, true
}

// Select finds experiments by name; without names it returns all of them. It fails
// for an unknown name.
func Select(all []Experiment, names []string) ([]Experiment, error) {
	if len(names) == 0 {
		return all, nil
	}
	var known []string
	for _, e := range all {
		known = append(known, e.Name)
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, message.Unknown("experiment", name, known)
		}
	}
	var chosen []Experiment
	for _, e := range all {
		if slices.Contains(names, e.Name) {
			chosen = append(chosen, e)
		}
	}
	return chosen, nil
}
