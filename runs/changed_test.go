package runs

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A run resumes with the settings that its training began with, whatever has
// become of its config.toml, or not at all.
func TestChangedSettings(t *testing.T) {
	const began = "model = \"mlp\"\nhidden = [8, 4]\ndata = \"old\"\nlr = 0.01\nseed = 1\nepochs = 5\nbackend = \"gpu\"\n"
	for _, c := range []struct{ from, to, want string }{
		{"", "", ""},
		{"data = \"old\"", "data = \"moved\"", ""}, // its hash is compared
		{"backend = \"gpu\"", "backend = \"cpu\"", ""},
		{"lr = 0.01", "lr = 1e-2 # the same", ""},
		{"lr = 0.01", "lr = 0.01\nsmoothing = 0.1", "label-smoothing added as 0.1"},
		{"lr = 0.01", "lr = 0.03", "lr from 0.01 to 0.03"},
		{"8, 4", "8, 5", "hidden from 8,4 to 8,5"},
		{"seed = 1\nepochs = 5", "epochs = 6", "epochs from 5 to 6, seed removed, it was 1"},
		{"seed", "shift = \"\\u001b[2J\"\nseed", `shift added as "\x1b[2J"`},
	} {
		dir := t.TempDir()
		checkpoint := example(1)
		checkpoint.Config = began
		if err := WriteCheckpoint(dir, checkpoint); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, ConfigFile), []byte(strings.Replace(began, c.from, c.to, 1)), 0o666); err != nil {
			t.Fatal(err)
		}
		d, err := Reopen(dir)
		if err == nil {
			d.Close()
		}
		var changed *SettingsError
		if c.want == "" && err != nil || c.want != "" && (!errors.As(err, &changed) || !strings.HasSuffix(err.Error(), ": "+c.want)) {
			t.Errorf("%q for %q: %v", c.to, c.from, err)
		}
	}
}
