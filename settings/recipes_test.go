package settings

import "testing"

// Every value of a recipe is of a setting that there is, and acts on its network.
func TestRecipes(t *testing.T) {
	for _, r := range Recipes() {
		set := Default()
		set.Model, set.Optimizer = r.Model(), "adamw"
		seen := map[string]bool{}
		for _, v := range r.Values {
			if seen[v.Setting] {
				t.Errorf("%s sets %s twice", r.Name, v.Setting)
			}
			seen[v.Setting] = true
			found := false
			for _, s := range All() {
				if s.Name == v.Setting {
					found = true
					if s.Acts != nil && !s.Acts(set.Recipe) {
						t.Errorf("%s: %s has no effect on %s", r.Name, v.Setting, set.Model)
					}
				}
			}
			if !found {
				t.Errorf("%s sets %q, which is no setting", r.Name, v.Setting)
			}
		}
	}
	if _, err := FindRecipe("worst"); err == nil {
		t.Error("an unknown recipe is found")
	}
}
