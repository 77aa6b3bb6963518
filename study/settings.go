package study

import (
	"errors"
	"fmt"
	"slices"

	"glyph/models"
	"glyph/settings"
)

// Settings are those of a configuration: all of a training but its learning rate
// and its seed.
type Settings struct {
	settings.Recipe

	// Norms records the gradient norms of every layer, see Norms.
	Norms bool `json:"norms,omitempty"`

	// Views evaluates on eight more views of each test image, moved by this many
	// pixels; see models.Ensemble.
	Views int `json:"views,omitempty"`

	// Rates are the learning rates to choose from on the validation set. A single one
	// is used without a choice.
	Rates []float64 `json:"-"`
}

// with returns a changed copy of the settings; a nil change changes nothing.
func (s Settings) with(change func(*Settings)) Settings {
	s = s.clone()
	if change != nil {
		change(&s)
	}
	return s
}

// clone shares no list with s.
func (s Settings) clone() Settings {
	s.Input, s.Hidden, s.Filters, s.Units = slices.Clone(s.Input), slices.Clone(s.Hidden), slices.Clone(s.Filters), slices.Clone(s.Units)
	s.Dropout, s.Rates = slices.Clone(s.Dropout), slices.Clone(s.Rates)
	return s
}

// complete fills in every default, so that a default that changes later makes
// other settings.
func (s Settings) complete() Settings {
	s.Recipe = s.Recipe.Complete()
	s.Rates = slices.Clone(s.Rates)
	slices.Sort(s.Rates)
	return s
}

// Validate reports what is wrong with complete settings.
func (s Settings) Validate() error {
	if err := s.Spec.Validate(); err != nil {
		return err
	}
	if s.Images < 0 {
		return fmt.Errorf("images must be 0 (all) or more, not %d", s.Images)
	}
	if s.Views < 0 || s.Views > models.MaxViewShift {
		return fmt.Errorf("views must be moved by 0 to %d pixels, not %d", models.MaxViewShift, s.Views)
	}
	if len(s.Rates) == 0 {
		return errors.New("there is no learning rate")
	}
	for _, r := range s.Rates {
		if _, err := s.Options(r, 1); err != nil {
			return err
		}
	}
	return nil
}
