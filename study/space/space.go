// Package space describes which settings a sweep tries: for each setting the values
// to choose from, or a range to draw from, and whether all combinations are tried or
// some drawn at random.
//
// [ParseAxis] reads the values of a setting as the command line has them:
//
//	0.03,0.1        two values
//	1..5            whole numbers from 1 to 5
//	0.1..0.5        any number from 0.1 to 0.5, to be drawn
//	log:0.001..0.1  the same, uniformly on a logarithmic scale (Bergstra & Bengio 2012)
//	128/256,64      two values of a setting whose values are lists
//
// [Space.Points] lists the settings to try. The same space gives the same points on
// every machine; shards rely on this.
package space

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"glyph/internal/message"
	"glyph/settings"
)

// MaxPoints is the largest number of points of a space.
const MaxPoints = 10_000

// Space is the search space of a sweep. As JSON it is part of what a results directory
// records.
type Space struct {
	Axes []Axis `json:"axes"` // one for each setting that is not at its default
	// Draw is how many points are drawn at random; 0 takes every combination.
	Draw int `json:"draw,omitempty"`
	// DrawSeed is the seed of the draws.
	DrawSeed uint64 `json:"draw_seed,omitempty"`
}

// Axis is a setting with its values, or with a range of them.
type Axis struct {
	Setting string   `json:"setting"`
	Values  []string `json:"values,omitempty"` // as settings.Setting.Set takes them
	Range   *Range   `json:"range,omitempty"`
}

// Range is the numbers from Low to High, both included.
type Range struct {
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Log   bool    `json:"log,omitempty"`   // uniform in the logarithm
	Whole bool    `json:"whole,omitempty"` // only whole numbers
}

// Fixed is an axis with one value.
func Fixed(setting, value string) Axis { return Axis{Setting: setting, Values: []string{value}} }

// Varies reports whether the axis has more than one value.
func (a Axis) Varies() bool { return a.Range != nil || len(a.Values) > 1 }

// seedSetting is the setting whose values are repetitions and not points.
const seedSetting = "seed"

// Axis is the axis of a setting, if there is one.
func (s Space) Axis(setting string) (Axis, bool) {
	i := slices.IndexFunc(s.Axes, func(a Axis) bool { return a.Setting == setting })
	if i < 0 {
		return Axis{}, false
	}
	return s.Axes[i], true
}

// Varied lists the settings with more than one value, except the seed.
func (s Space) Varied() (names []string) {
	for _, a := range s.Axes {
		if a.Varies() && a.Setting != seedSetting {
			names = append(names, a.Setting)
		}
	}
	return names
}

// Seeds are the values of the setting seed.
func (s Space) Seeds() ([]uint64, error) {
	set := settings.Default()
	a, there := s.Axis(seedSetting)
	if !there {
		return []uint64{set.Seed}, nil
	}
	if a.Range != nil {
		return nil, errors.New("seed: the seeds of a sweep are a list or a range such as 1..5, and none is drawn")
	}
	seed, _ := settings.Find(seedSetting)
	var seeds []uint64
	for _, v := range a.Values {
		if err := seed.Set(&set, v); err != nil {
			return nil, fmt.Errorf("seed %w", err)
		}
		seeds = append(seeds, set.Seed)
	}
	return seeds, nil
}

// Points lists the settings to try: base with the values of the space, and base's seed.
// Values are checked by [ParseAxis], and again here, since a space can come from a file.
// It fails for a setting that is unknown, a value that it can't have, a range when
// nothing is drawn, and more than MaxPoints combinations.
func (s Space) Points(base settings.Training) ([]settings.Training, error) {
	var axes []axis
	for _, a := range s.Axes {
		if a.Setting == seedSetting {
			continue
		}
		of, known := settings.Find(a.Setting)
		if !known {
			return nil, fmt.Errorf("this glyph knows no setting %s", message.Quote(a.Setting))
		}
		if len(a.Values) == 0 && a.Range == nil {
			return nil, fmt.Errorf("%s has no value", a.Setting)
		}
		if a.Range != nil {
			if err := a.Range.check(); err != nil {
				return nil, fmt.Errorf("%s: %w", a.Setting, err)
			}
		}
		axes = append(axes, axis{a, of})
	}
	if s.Draw > 0 {
		return s.drawn(axes, base)
	}
	return grid(axes, base)
}

type axis struct {
	Axis
	of settings.Setting
}

// grid is every combination, the last axis fastest.
func grid(axes []axis, base settings.Training) ([]settings.Training, error) {
	points := []settings.Training{base}
	for _, a := range axes {
		if a.Range != nil {
			return nil, fmt.Errorf("%s: %s is a range to draw from; give a list of values, or draw some with --random N", a.Setting, a.Range)
		}
		if len(points)*len(a.Values) > MaxPoints {
			return nil, fmt.Errorf("there are more than %s combinations; leave values out, or draw some with --random N", message.Thousands(MaxPoints))
		}
		next := make([]settings.Training, 0, len(points)*len(a.Values))
		for _, p := range points {
			for _, v := range a.Values {
				if err := a.of.Set(&p, v); err != nil {
					return nil, fmt.Errorf("%s %w", a.Setting, err)
				}
				next = append(next, p) // Set makes a new list or number each time
			}
		}
		points = next
	}
	return points, nil
}

// String is the range as ParseAxis reads it.
func (r *Range) String() string {
	text := number(r.Low) + ".." + number(r.High)
	if r.Log {
		return "log:" + text
	}
	return text
}

// String is the axis as ParseAxis reads it.
func (a Axis) String() string {
	if a.Range != nil {
		return a.Range.String()
	}
	separator := ","
	if of, known := settings.Find(a.Setting); known && of.List() {
		separator = "/"
	}
	return strings.Join(a.Values, separator)
}
