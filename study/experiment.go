package study

import (
	"fmt"
	"slices"
	"strings"
)

// Experiment is a grid of configurations and what is claimed about them.
type Experiment struct {
	Name     string // on the command line
	Title    string
	Question string

	Fixed Settings // held fixed
	Vary  []Axis   // every combination of their choices is an arm
	Quick Quick    // what changes in the quick study

	Figures []Figure
	Claims  []Statement

	// Gradients compares analytical with numerical gradients instead of
	// training anything.
	Gradients bool

	// Text is the file that describes the experiment, or "" for one that is built in.
	// It is kept with the results, so that a report can be written from them alone.
	Text string
}

// Axis is something that is varied.
type Axis struct {
	Of      string // what it is, as it stands at a figure's axis
	Choices []Choice
}

// Choice is a point of an axis. Its label is how claims name it. Set makes the
// choice in the settings; nil leaves them as they are.
type Choice struct {
	Label string
	Set   func(*Settings)
	X     float64 // the place on a numeric axis
	Full  bool    // left out of the quick study
}

// Quick makes an experiment smaller. A zero changes nothing. The quick study looks at
// each test image once.
type Quick struct {
	Images int // the most training images
	Epochs int
	Rates  int // how many of the learning rates, from the middle
}

// Figure is a picture of an experiment.
type Figure struct {
	Name    string // of its file, after the experiment's
	Kind    FigureKind
	Caption string
	X       string // the axis along x: Axis.Of
	Log     bool   // x is logarithmic
}

// FigureKind names a kind of picture.
type FigureKind uint8

// The kinds of figures.
const (
	// Points is a point with an error bar for every arm, side by side.
	Points FigureKind = iota
	// Curves is accuracy over a numeric axis, a line for each choice of the
	// other axes.
	Curves
	// LayerNorms is gradient norms by layer, at initialisation and after the
	// last epoch.
	LayerNorms
)

// Arm is a configuration of an experiment.
type Arm struct {
	Label    string   // the labels of its choices, with commas between them
	Choices  []Choice // one for each axis
	Settings Settings // complete
}

// size is how big a study is: the seeds, the images there are, and whether it
// is the quick one.
type size struct {
	quick bool
	train int
}

// omitted names combinations of choices that are left out, by the reason.
type omitted struct {
	tooFew []string // they need more training images than the data has
	full   []string // the quick study leaves them to the full one
}

// arms is every combination of choices, the last axis fastest, without those that are
// left out.
func (e Experiment) arms(s size) (arms []Arm, left omitted) {
	if e.Gradients {
		return nil, left
	}
	limit, fixed := s.train, e.Fixed
	if s.quick && e.Quick.Images > 0 {
		limit = min(limit, e.Quick.Images)
		fixed.Images = min(fixed.Images, e.Quick.Images)
	}
	combinations := [][]Choice{nil}
	for _, axis := range e.Vary {
		var next [][]Choice
		for _, c := range combinations {
			for _, choice := range axis.Choices {
				next = append(next, append(c[:len(c):len(c)], choice))
			}
		}
		combinations = next
	}
	for _, choices := range combinations {
		settings, labels := fixed, make([]string, len(choices))
		for i, c := range choices {
			settings = settings.with(c.Set)
			labels[i] = c.Label
		}
		if s.quick {
			settings.Views = 0 // they take longer than so short a training
			if e.Quick.Epochs > 0 {
				settings.Epochs = e.Quick.Epochs
			}
			if n, all := e.Quick.Rates, len(settings.Rates); n > 0 && n < all {
				first := (all - n) / 2
				settings.Rates = settings.Rates[first : first+n]
			}
		}
		label := strings.Join(labels, ", ")
		full := slices.ContainsFunc(choices, func(c Choice) bool { return c.Full })
		switch {
		case settings.Images > s.train:
			left.tooFew = append(left.tooFew, label)
			continue
		case settings.Images > limit || s.quick && full:
			left.full = append(left.full, label)
			continue
		}
		if settings.Images == 0 {
			settings.Images = limit
		}
		arms = append(arms, Arm{label, choices, settings.complete()})
	}
	return arms, left
}

// axis finds an axis by name.
func (e Experiment) axis(of string) int {
	for i, a := range e.Vary {
		if a.Of == of {
			return i
		}
	}
	return -1
}

// Validate reports what is wrong with the description, for whoever adds one.
func (e Experiment) Validate() error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("experiment %s: %w", e.Name, fmt.Errorf(format, args...))
	}
	const plenty = 1 << 30
	for _, quick := range []bool{false, true} {
		arms, _ := e.arms(size{quick: quick, train: plenty})
		seen := map[string]bool{}
		for _, a := range arms {
			if seen[a.Label] {
				return fail("two arms are %q", a.Label)
			}
			seen[a.Label] = true
			if err := a.Settings.Validate(); err != nil {
				return fail("arm %q: %w", a.Label, err)
			}
		}
	}
	for _, f := range e.Figures {
		if f.X != "" && e.axis(f.X) < 0 {
			return fail("figure %s: no axis is %q", f.Name, f.X)
		}
	}
	arms, _ := e.arms(size{train: plenty})
	known := map[string]bool{}
	for _, a := range arms {
		known[a.Label] = true
	}
	for _, s := range e.Claims {
		if s.Finding < 0 || s.Finding > len(Findings()) {
			return fail("claim %q is about finding %d of %d", s.Says, s.Finding, len(Findings()))
		}
		for _, label := range s.Claim.arms() {
			if !known[label] {
				return fail("claim %q: no arm is %q", s.Says, label)
			}
		}
	}
	return nil
}
