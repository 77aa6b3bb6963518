package flags

import (
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"glyph/models"
	"glyph/settings"
)

// Network is the flags that describe a network. Set, if not nil, gets their values.
type Network struct {
	Set *settings.Training

	fs *pflag.FlagSet
}

// Add adds the flags.
func (f *Network) Add(fs *pflag.FlagSet) {
	f.fs = fs
	if f.Set == nil {
		set := settings.Default()
		f.Set = &set
	}
	Bind(fs, f.Set, settings.Of(settings.Network))
}

// Spec is the network's description, checked for the images of KMNIST.
func (f *Network) Spec() (models.Spec, error) { return f.spec(models.Spec.Validate) }

// Settings is Spec for images that are not known yet.
func (f *Network) Settings() (models.Spec, error) { return f.spec(models.Spec.ValidateSettings) }

func (f *Network) spec(check func(models.Spec) error) (models.Spec, error) {
	for _, s := range settings.Of(settings.Network) {
		if flag := f.fs.Lookup(s.Name); flag.Changed && flag.Value.String() == "[]" {
			return f.Set.Spec, fmt.Errorf("--%s is empty; leave it out for the default", s.Name)
		}
	}
	return f.Set.Spec.WithDefaults(), Named(check(f.Set.Spec))
}

// Describes reports whether any flag that says which network it is is set.
func (f *Network) Describes() bool {
	return slices.ContainsFunc(settings.Architecture(), func(name string) bool { return f.fs.Changed(name) })
}

// Changed reports whether a flag is given, on the command line or in a config.
func (f *Network) Changed(name string) bool { return f.fs.Changed(name) }
