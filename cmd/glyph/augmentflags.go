package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"glyph"
)

// augmentFlags are the flags that say how training images are moved.
type augmentFlags struct {
	flags                         *pflag.FlagSet
	all                           bool
	shift, rotation, scale, shear float64
}

func (f *augmentFlags) add(flags *pflag.FlagSet) {
	f.flags = flags
	a := glyph.DefaultAugmentation()
	flags.BoolVar(&f.all, "augment", false, fmt.Sprintf(
		"move training images at random, every time in another way: the same as --shift %v --rotation %v --scale %v --shear %v, of which any may be set apart",
		a.Shift, a.Rotation, a.Scale, a.Shear))
	flags.Float64Var(&f.shift, "shift", 0, "shift training images at random, by up to so many `pixels` each way")
	flags.Float64Var(&f.rotation, "rotation", 0, "turn them by up to so many `degrees`")
	flags.Float64Var(&f.scale, "scale", 0, "scale them by up to this `part`: 0.1 is 0.9 to 1.1")
	flags.Float64Var(&f.shear, "shear", 0, "slant them by up to so many `degrees`")
}

// augmentation is what the flags ask for; train.Options.Validate checks it.
func (f *augmentFlags) augmentation() glyph.Augmentation {
	a := glyph.Augmentation{}
	if f.all {
		a = glyph.DefaultAugmentation()
	}
	for _, v := range []struct {
		name string
		from float64
		to   *float32
	}{{"shift", f.shift, &a.Shift}, {"rotation", f.rotation, &a.Rotation}, {"scale", f.scale, &a.Scale}, {"shear", f.shear, &a.Shear}} {
		if f.flags.Changed(v.name) {
			*v.to = float32(v.from)
		}
	}
	return a
}
