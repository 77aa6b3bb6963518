package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"glyph"
	"glyph/settings"
)

// augmentFlags are the flags that say how training images are moved.
type augmentFlags struct {
	flags *pflag.FlagSet
	set   *settings.Training
	all   bool
}

func (f *augmentFlags) add(flags *pflag.FlagSet) {
	f.flags = flags
	if f.set == nil {
		set := settings.Default()
		f.set = &set
	}
	a := glyph.DefaultAugmentation()
	flags.BoolVar(&f.all, "augment", false, fmt.Sprintf(
		"move training images at random, every time in another way: the same as --shift %v --rotation %v --scale %v --shear %v, each of which can be set to something else",
		a.Shift, a.Rotation, a.Scale, a.Shear))
	bind(flags, f.set, settings.Of(settings.Augmentation))
}

// augmentation is what the flags ask for; train.Options.Validate checks it.
func (f *augmentFlags) augmentation() glyph.Augmentation {
	if !f.all {
		return f.set.Augment
	}
	a := settings.Training{Recipe: settings.Recipe{Augment: glyph.DefaultAugmentation()}}
	for _, s := range settings.Of(settings.Augmentation) {
		if f.flags.Changed(s.Name) {
			*s.At(&a).(*float32) = *s.At(f.set).(*float32)
		}
	}
	return a.Augment
}
