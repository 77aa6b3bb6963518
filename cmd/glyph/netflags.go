package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"glyph"
	"glyph/models"
)

// netFlags are the flags that describe a network.
type netFlags struct {
	flags      *pflag.FlagSet
	model      string
	hidden     []int
	filters    []int
	units      []int
	activation string
	dropout    []float64
	init       string
	l2         float64
}

func (f *netFlags) add(flags *pflag.FlagSet) {
	f.flags = flags
	flags.StringVar(&f.model, "model", "cnn", "network: "+list(models.PresetNames()))
	flags.IntSliceVar(&f.hidden, "hidden", nil, "`units` of the hidden layers of mlp, such as 256 or 256,128 (default 256)")
	flags.IntSliceVar(&f.filters, "filters", nil, "`filters` of the convolutions of cnn (default 32,64,64)")
	flags.IntSliceVar(&f.units, "units", nil, "`units` of the hidden dense layers of cnn (default 256)")
	flags.StringVar(&f.activation, "activation", "", "activation: "+list(glyph.ActivationNames())+"; leaky-relu:0.2 sets the slope (default relu)")
	flags.Float64SliceVar(&f.dropout, "dropout", nil, "dropout `rate`, one for all places or one for each (default: the model's)")
	flags.Lookup("dropout").DefValue = "" // not "[]"
	flags.StringVar(&f.init, "init", "", "initial weights: "+list(models.InitNames())+" (default glorot-uniform)")
	flags.Float64Var(&f.l2, "l2", 0, "λ of the penalty λ/2·‖w‖² on the weights")
}

// spec is the network's description, checked.
func (f *netFlags) spec() (models.Spec, error) {
	spec := models.Spec{
		Model: f.model, Hidden: f.hidden, Filters: f.filters, Units: f.units,
		Activation: f.activation, Dropout: f.dropout, Init: f.init, L2: f.l2,
	}
	for _, name := range []string{"hidden", "filters", "units", "dropout"} {
		if flag := f.flags.Lookup(name); flag.Changed && flag.Value.String() == "[]" {
			return spec, fmt.Errorf("--%s is empty; leave it out for the default", name)
		}
	}
	return spec.WithDefaults(), spec.Validate()
}

// netNames are the flags that say which network it is.
var netNames = []string{"model", "hidden", "filters", "units", "activation"}

// describes reports whether any of them is set.
func (f *netFlags) describes() bool {
	return slices.ContainsFunc(netNames, func(name string) bool { return f.flags.Changed(name) })
}

func list(names []string) string { return strings.Join(names, ", ") }
