package flags

import (
	"fmt"
	"reflect"

	"github.com/spf13/pflag"

	"glyph"
	"glyph/settings"
)

// Augmentation is the flags of the augmentation. Set, if not nil, gets the values
// of the individual ones.
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
		"shift, rotate, scale and shear training images at random, differently in every step: the same as --shift %v --rotation %v --scale %v --shear %v, each of which can be set separately",
		a.Shift, a.Rotation, a.Scale, a.Shear))
	Bind(fs, f.Set, settings.Of(settings.Augmentation))
}

// Value is the augmentation that the flags describe; train.Options.Validate checks it.
func (f *Augmentation) Value() glyph.Augmentation {
	if !f.all {
		return f.Set.Augment
	}
	a := settings.Training{Recipe: settings.Recipe{Augment: glyph.DefaultAugmentation()}}
	for _, s := range settings.Of(settings.Augmentation) {
		if f.fs.Changed(s.Name) {
			reflect.ValueOf(s.At(&a)).Elem().Set(reflect.ValueOf(s.At(f.Set)).Elem())
		}
	}
	return a.Augment
}
