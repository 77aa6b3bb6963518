package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"glyph/models"
	"glyph/settings"
)

// netFlags are the flags that describe a network.
type netFlags struct {
	flags *pflag.FlagSet
	set   *settings.Training
}

func (f *netFlags) add(flags *pflag.FlagSet) {
	f.flags = flags
	if f.set == nil {
		set := settings.Default()
		f.set = &set
	}
	bind(flags, f.set, settings.Of(settings.Network))
}

// spec is the network's description, checked.
func (f *netFlags) spec() (models.Spec, error) {
	for _, s := range settings.Of(settings.Network) {
		if flag := f.flags.Lookup(s.Name); flag.Changed && flag.Value.String() == "[]" {
			return f.set.Spec, fmt.Errorf("--%s is empty; leave it out for the default", s.Name)
		}
	}
	return f.set.Spec.WithDefaults(), flagged(f.set.Spec.Validate())
}

// netNames are the flags that say which network it is.
var netNames = []string{"model", "hidden", "filters", "units", "activation"}

// describes reports whether any of them is set.
func (f *netFlags) describes() bool {
	return slices.ContainsFunc(netNames, func(name string) bool { return f.flags.Changed(name) })
}

func list(names []string) string { return strings.Join(names, ", ") }
