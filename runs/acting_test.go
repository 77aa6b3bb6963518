package runs

import (
	"strings"
	"testing"

	"glyph/settings"
)

// Only what acted is told of a run: not the momentum of a rule without, nor the filters of
// an MLP; and with defaults by their values.
func TestActing(t *testing.T) {
	recipe, _ := settings.FindRecipe("fast")
	fast := map[string]any{"weight-decay": 0.3, "checkpoint": "5m0s", "data-hash": "h", "seed": int64(2)}
	for _, v := range recipe.Values {
		fast[v.Setting] = v.Text
	}
	for name, c := range map[string]struct {
		config    map[string]any
		has, lack []string
		recipe    string
	}{
		"mlp": {map[string]any{"model": "mlp", "optimizer": "sgd", "momentum": 0.95, "weight-decay": 0.3, "filters": []any{int64(8)}, "l2": 0.0, "validation": 0.0, "backend": "cpu"},
			[]string{"model mlp", "hidden 256", "optimizer sgd", "validation 0", "lr 0.01", "backend cpu"}, []string{"momentum", "weight-decay", "filters", "l2", "shift", "limit", "patience", "checkpoint", "data-hash"}, ""},
		"momentum":  {map[string]any{"model": "linear", "optimizer": "momentum", "weight-decay": 0.3}, []string{"momentum 0.9"}, []string{"weight-decay", "hidden"}, ""},
		"augmented": {map[string]any{"model": "cnn", "augment": true, "rotation": 5.0}, []string{"shift 3", "rotation 5", "scale 0.15", "shear 15", "filters 32,64,64"}, []string{"cutout"}, ""},
		"weights":   {map[string]any{"weights": StartFile, "lr": 0.02}, []string{"weights start.safetensors", "lr 0.02"}, []string{"model", "filters", "activation"}, ""},
		"recipe":    {fast, []string{"model vgg", "weight-decay 0.3", "ema 0.995", "cutout 8", "seed 2"}, []string{"momentum"}, "fast"},
	} {
		r := &Run{Config: c.config}
		var all []string
		for _, v := range r.Acting() {
			all = append(all, v.Setting+" "+v.Text)
		}
		text := "\n" + strings.Join(all, "\n") + "\n"
		for _, want := range c.has {
			if !strings.Contains(text, "\n"+want+"\n") {
				t.Errorf("%s: no %q in%s", name, want, text)
			}
		}
		for _, other := range c.lack {
			if strings.Contains(text, "\n"+other+" ") {
				t.Errorf("%s: %s did not act, in%s", name, other, text)
			}
		}
		if got := r.RecipeName(); got != c.recipe {
			t.Errorf("%s: the recipe is %q", name, got)
		}
	}
	if (&Run{Config: map[string]any{}}).Command() != nil {
		t.Error("an imported run has a command")
	}
}
