package runs

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"glyph/internal/message"
)

// SettingsError is the error of a run whose config.toml has other settings than
// its training began with. Resumed with them, it would end with other weights
// than if it had never stopped.
type SettingsError struct{ Changed []Difference } // from A to B

// Error names every setting that was changed.
func (e *SettingsError) Error() string {
	parts := make([]string, len(e.Changed))
	for i, c := range e.Changed {
		parts[i] = message.Quote(c.Name) + " " + change(c.A, c.B)
	}
	return fmt.Sprintf("%s was changed after the training began: %s", ConfigFile, strings.Join(parts, ", "))
}

func change(from, to string) string {
	switch {
	case from == "":
		return "added as " + message.Quote(to)
	case to == "":
		return "removed, it was " + message.Quote(from)
	}
	return fmt.Sprintf("from %s to %s", message.Quote(from), message.Quote(to))
}

// movable are the settings that may be another's when a training resumes. The
// data and the weights it began with may have moved, and the checkpoint knows
// their hash; the others decide where and how it runs, not what comes of it.
var movable = []string{"data", "data-hash", "weights", "classes", "backend", "device", "checkpoint"}

// unchanged fails with a *SettingsError where config.toml is not what the
// checkpoint was written under, but for the settings that may be another's. It keeps the
// text for the checkpoints to come.
func (d *Dir) unchanged(text []byte, but ...string) error {
	d.config = text
	if d.From.Config == "" { // of an older version
		return nil
	}
	d.config = []byte(d.From.Config)
	was, err := ParseConfig(d.config)
	if err != nil {
		return fmt.Errorf("the settings in the checkpoint can't be read: %w", err)
	}
	is, err := ParseConfig(text)
	if err != nil {
		return unreadable(filepath.Join(d.Path, ConfigFile), err)
	}
	was, is = withValidation(currentNames(was)), withValidation(currentNames(is))
	changed := slices.DeleteFunc(diffConfigs(was, is), func(c Difference) bool {
		return slices.Contains(movable, c.Name) || slices.Contains(but, c.Name)
	})
	if len(changed) > 0 {
		return &SettingsError{changed}
	}
	return nil
}
