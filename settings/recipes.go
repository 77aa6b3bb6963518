package settings

import "glyph/internal/message"

// Named is a recipe with a name: values, as on a command line, for the settings that the
// user does not set.
type Named struct {
	Name   string
	About  string
	Values []Value
}

// Value is a setting's name and its value as text.
type Value struct{ Setting, Text string }

// The recipes were chosen on images held out of the training set, and train on all of
// them; see BENCHMARKS.md.
var named = []Named{
	{
		Name:  "best",
		About: "97 % on KMNIST from its first 7,011 images, in ten minutes on two Zen 4 cores",
		Values: []Value{
			{"model", "vgg"}, {"filters", "32,64,128"}, {"epochs", "50"}, {"batch", "64"}, {"validation", "0"},
			{"optimizer", "adamw"}, {"lr", "0.005"}, {"weight-decay", "0.3"}, {"schedule", "one-cycle"}, {"label-smoothing", "0.1"}, {"ema", "0.999"},
			{"shift", "3"}, {"rotation", "15"}, {"scale", "0.15"}, {"shear", "15"}, {"cutout", "8"},
		},
	},
	{
		Name:  "fast",
		About: "95 % in three minutes on them",
		Values: []Value{
			{"model", "vgg"}, {"epochs", "24"}, {"batch", "64"}, {"validation", "0"},
			{"optimizer", "adamw"}, {"lr", "0.005"}, {"weight-decay", "0.3"}, {"schedule", "one-cycle"}, {"label-smoothing", "0.1"}, {"ema", "0.995"},
			{"shift", "3"}, {"rotation", "15"}, {"scale", "0.15"}, {"shear", "15"}, {"cutout", "8"},
		},
	},
}

// Recipes lists the recipes by name, the most accurate first. The list is the caller's.
func Recipes() []Named {
	list := make([]Named, len(named))
	for i, r := range named {
		r.Values = append([]Value(nil), r.Values...)
		list[i] = r
	}
	return list
}

// RecipeNames lists their names.
func RecipeNames() (names []string) {
	for _, r := range named {
		names = append(names, r.Name)
	}
	return names
}

// FindRecipe finds a recipe by name. It fails for an unknown one.
func FindRecipe(name string) (Named, error) {
	for _, r := range Recipes() {
		if r.Name == name {
			return r, nil
		}
	}
	return Named{}, message.Unknown("recipe", name, RecipeNames())
}

// Model is the model that the recipe is for.
func (r Named) Model() string {
	for _, v := range r.Values {
		if v.Setting == "model" {
			return v.Text
		}
	}
	return ""
}

// OfNetwork reports whether the setting is one of the network, such as model or filters.
func (v Value) OfNetwork() bool {
	for _, s := range Of(Network) {
		if s.Name == v.Setting {
			return true
		}
	}
	return false
}
