package runs

import (
	"maps"
	"path/filepath"
	"slices"

	"glyph"
	"glyph/settings"
)

// training is the settings of the run's config. A value that is of no setting's kind is
// passed over: it was not written by glyph train.
func (r *Run) training() settings.Training {
	t := settings.Default()
	if r.Config["augment"] == true {
		t.Augment = glyph.DefaultAugmentation()
	}
	for _, s := range settings.All() {
		if v, there := r.Config[s.Name]; there {
			s.Set(&t, Setting(v)) //nolint:errcheck // see above
		}
	}
	return t
}

// besides are keys of a config that are no settings of the training and decide what comes of
// it all the same.
var besides = []string{"size", "classes", "weights", "backend", "device"}

// Acting is the run's settings that had an effect, as it ran with them: without the momentum of
// a rule that has none, the filters of a network without convolutions, or a penalty of 0,
// and with defaults by their values.
func (r *Run) Acting() []settings.Value {
	return slices.DeleteFunc(r.inUse(), func(v settings.Value) bool {
		return v.Text == "0" && v.Setting != "validation" && v.Setting != "seed"
	})
}

// inUse is Acting with the settings that are 0.
func (r *Run) inUse() (list []settings.Value) {
	t := r.training()
	t.Recipe = t.Recipe.Complete()
	for _, s := range settings.All() {
		text := s.Shown(&t)
		_, given := r.Config[s.Name]
		idle := s.Acts != nil && !s.Acts(t.Recipe) || text == ""
		if kept := r.Config["weights"] != nil && !given && slices.Contains(settings.Architecture(), s.Name); idle || kept {
			continue
		}
		list = append(list, settings.Value{Setting: s.Name, Text: text})
	}
	for _, name := range besides {
		if text := Setting(r.Config[name]); text != "" {
			list = append(list, settings.Value{Setting: name, Text: text})
		}
	}
	return list
}

// Settled is the run's config as text, with the settings of its training as they acted:
// defaults have their values, 0 too, which others differ from, and what could have no effect is
// left out. A config without a network,
// such as that of an imported run, is as it is.
func (r *Run) Settled() map[string]string {
	settled := map[string]string{}
	for name, value := range r.Config {
		settled[name] = Setting(value)
	}
	if settled["model"] == "" {
		return settled
	}
	for _, s := range settings.All() {
		delete(settled, s.Name)
	}
	for _, v := range r.inUse() {
		_, given := r.Config[v.Setting]
		if s, _ := settings.Find(v.Setting); s.Group == settings.Augmentation && !given && (r.Config["augment"] == true || v.Text == "0") {
			continue // which augment says
		}
		settled[v.Setting] = v.Text
	}
	return settled
}

// RecipeName is the name of the recipe whose settings the run has, all of them, or "".
func (r *Run) RecipeName() string {
	t := r.training()
	for _, recipe := range settings.Recipes() {
		whole := true
		for _, v := range recipe.Values {
			s, _ := settings.Find(v.Setting)
			of := settings.Default()
			if s.Set(&of, v.Text) != nil || s.Text(&of) != s.Text(&t) {
				whole = false
			}
		}
		if whole {
			return recipe.Name
		}
	}
	return ""
}

// Command is the arguments of glyph that repeat the run: a run with the same config. They
// have what differs from the defaults, or from the recipe that the run has. They are nil
// for an imported run.
func (r *Run) Command() []string {
	if len(r.Config) == 0 {
		return nil
	}
	args := []string{"train"}
	usual, recipe := map[string]string{"augment": "false", "checkpoint": "5m0s"}, r.RecipeName()
	if recipe != "" {
		args = append(args, "--recipe", recipe)
	}
	unset := settings.Default()
	names := []string{"data"}
	for _, s := range settings.All() {
		names = append(names, s.Name)
		if usual[s.Name] = s.Text(&unset); usual[s.Name] == "" {
			usual[s.Name] = s.Unset
		}
	}
	set := map[string]bool{} // by the recipe
	if named, err := settings.FindRecipe(recipe); err == nil {
		for _, v := range named.Values {
			usual[v.Setting], set[v.Setting] = v.Text, true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Config)) {
		if !slices.Contains(names, name) && name != "data-hash" { // which the data has
			names = append(names, name)
		}
	}
	for _, name := range names {
		text := Setting(r.Config[name])
		asked := text == "0" && !set[name] // a config has no 0 that nobody asked for
		switch {
		case text == "" || text == usual[name] && !asked:
		case r.Config[name] == true:
			args = append(args, "--"+name)
		case name == "weights" && text == StartFile || name == "classes" && text == ClassesFile:
			args = append(args, "--"+name, filepath.Join(r.Dir, text))
		default:
			args = append(args, "--"+name, text)
		}
	}
	return args
}
