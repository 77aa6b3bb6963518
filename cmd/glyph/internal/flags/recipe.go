package flags

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"glyph/settings"
)

// addRecipe adds --recipe.
func (f *Train) addRecipe(fs *pflag.FlagSet) {
	var about []string
	for _, r := range settings.Recipes() {
		about = append(about, fmt.Sprintf("%s (%s)", r.Name, r.About))
	}
	fs.StringVar(&f.Recipe, "recipe", "", "a `name` for a network and its settings, used where nothing else is set; recipes train on all images (--validation 0): "+strings.Join(about, ", "))
}

// applyRecipe sets the flags of the recipe that are set neither on the command line
// nor in a config. A setting that the network in use does not have is passed over:
// with another --model the recipe is how to train it.
func (f *Train) applyRecipe(fs *pflag.FlagSet) error {
	if f.Recipe == "" {
		return nil
	}
	recipe, err := settings.FindRecipe(f.Recipe)
	if err != nil {
		return fmt.Errorf("--recipe: %w", err)
	}
	other := fs.Changed("model") && f.Set.Model != recipe.Model() || fs.Changed("weights")
	for _, v := range recipe.Values {
		if fs.Changed(v.Setting) || other && v.OfNetwork() || !f.takes(fs, v.Setting) {
			continue
		}
		if err := fs.Set(v.Setting, v.Text); err != nil {
			return fmt.Errorf("--recipe %s: %s: %w", recipe.Name, v.Setting, err)
		}
	}
	return nil
}

// takes reports whether a setting of a recipe acts with what the user has set: weight
// decay does not with another optimizer, and --augment=false leaves images as they
// are.
func (f *Train) takes(fs *pflag.FlagSet, name string) bool {
	for _, s := range settings.All() {
		if s.Name == name {
			still := s.Group == settings.Augmentation && fs.Changed("augment") && !f.Augment.all
			return !still && (s.Acts == nil || s.Acts(f.Set.Recipe))
		}
	}
	return false
}
