package flags

import (
	"fmt"

	"github.com/spf13/pflag"

	"glyph"
	"glyph/settings"
)

// Augmentation is the flags that say how training images are moved. Set, where it
// is not nil, gets the values of those for each way.
type Augmentation struct {
	Set *settings.Training

	fs  *pflag.FlagSet
	all bool
}

// Add adds the flags.
func (f *Augmentation) Add(fs *pflag.FlagSet) {
	f.fs = fs
	if f.Set == nil {
		set := settings.Default()
		f.Set = &set
	}
	a := glyph.DefaultAugmentation()
	fs.BoolVar(&f.all, "augment", false, fmt.Sprintf(
		"move training images at random, every time in another way: the same as --shift %v --rotation %v --scale %v --shear %v, each of which can be set to something else",
		a.Shift, a.Rotation, a.Scale, a.Shear))
	Bind(fs, f.Set, settings.Of(settings.Augmentation))
}

// Value is what the flags ask for; train.Options.Validate checks it.
func (f *Augmentation) Value() glyph.Augmentation {
	if !f.all {
		return f.Set.Augment
	}
	a := settings.Training{Recipe: settings.Recipe{Augment: glyph.DefaultAugmentation()}}
	for _, s := range settings.Of(settings.Augmentation) {
		if f.fs.Changed(s.Name) {
			*s.At(&a).(*float32) = *s.At(f.Set).(*float32)
		}
	}
	return a.Augment
}
