package flags

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"glyph"
	"glyph/settings"
	"glyph/study/space"
)

// Sweep has a flag for each setting, which takes several values, and the flags that say
// which of their combinations to try.
type Sweep struct {
	Random   int
	DrawSeed uint64

	fs      *pflag.FlagSet
	given   map[string]*[]string
	augment bool
}

// Add adds the flags.
func (f *Sweep) Add(fs *pflag.FlagSet) {
	f.fs, f.given = fs, map[string]*[]string{}
	fs.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		return pflag.NormalizedName(settings.CurrentName(name))
	})
	a := glyph.DefaultAugmentation()
	fs.BoolVar(&f.augment, "augment", false, fmt.Sprintf("the same as --shift %v --rotation %v --scale %v --shear %v, each of which can be set separately", a.Shift, a.Rotation, a.Scale, a.Shear))
	base := SweepDefaults()
	for _, s := range settings.All() {
		usage := s.Usage()
		if s.List() {
			usage += "; several with / between them, 128/256,64, or with the flag again"
		}
		if text := s.Text(&base); s.Unset == "" && text != "" && text != "0" {
			usage += " (default " + text + ")"
		}
		f.given[s.Name] = new([]string)
		fs.Var((*valuesValue)(f.given[s.Name]), s.Name, usage)
	}
	fs.IntVar(&f.Random, "random", 0, "draw `N` combinations at random instead of trying all")
	fs.Uint64Var(&f.DrawSeed, "draw-seed", 1, "seed of the draws")
}

// SweepDefaults are the settings of a sweep where none are given: those of glyph
// train.
func SweepDefaults() settings.Training { return settings.Default() }

// Space is the search space that the flags describe. from has the values from a file, by
// setting, which the flags override. It fails for values that a setting can't have.
func (f *Sweep) Space(from map[string]space.Axis) (space.Space, error) {
	s := space.Space{Draw: f.Random}
	switch {
	case f.Random < 0:
		return s, fmt.Errorf("--random must be at least 1 combination, not %d", f.Random)
	case f.Random == 0 && f.fs.Changed("random"):
		return s, errors.New("--random must be at least 1 combination, not 0")
	case f.Random == 0 && f.fs.Changed("draw-seed"):
		return s, errors.New("--draw-seed is the seed of --random, which is missing")
	case f.Random > 0:
		s.DrawSeed = f.DrawSeed
	}
	base := SweepDefaults()
	if f.augment {
		base.Augment = glyph.DefaultAugmentation()
	}
	for _, of := range settings.All() {
		axis, there := from[of.Name]
		if texts := *f.given[of.Name]; f.fs.Changed(of.Name) {
			var err error
			if axis, err = space.ParseAxis(of, texts); err != nil {
				return s, fmt.Errorf("--%s: %w", of.Name, err)
			}
		} else if text := of.Text(&base); !there && text != "" {
			axis = space.Fixed(of.Name, text) // so that a default that changes later does not change the sweep
		} else if !there {
			continue
		}
		s.Axes = append(s.Axes, axis)
	}
	return s, nil
}

// OneList lists the settings whose values are lists and that were given a single list of
// several numbers, which is how several values of other settings are written.
func (f *Sweep) OneList() (names []string) {
	for _, of := range settings.All() {
		texts := *f.given[of.Name]
		if of.List() && len(texts) == 1 && strings.Contains(texts[0], ",") && !strings.Contains(texts[0], "/") {
			names = append(names, of.Name)
		}
	}
	return slices.Clip(names)
}

// Text is what a flag was given.
func (f *Sweep) Text(name string) string { return strings.Join(*f.given[name], " ") }

// valuesValue is a flag that takes several values, and may be given several times.
type valuesValue []string

func (v *valuesValue) Type() string   { return "values" }
func (v *valuesValue) String() string { return strings.Join(*v, " ") }

func (v *valuesValue) Set(text string) error {
	*v = append(*v, text)
	return nil
}
