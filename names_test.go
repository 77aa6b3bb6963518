package glyph_test

import (
	"testing"

	"glyph"
	"glyph/models"
	"glyph/train"
)

// A list of names is the caller's: changing it changes nothing in the package.
func TestNamesAreCopies(t *testing.T) {
	for what, names := range map[string]func() []string{
		"activations": glyph.ActivationNames, "optimizers": glyph.OptimizerNames,
		"presets": models.PresetNames, "initialisers": models.InitNames, "schedules": train.ScheduleNames,
	} {
		list := names()
		want := list[0]
		list[0] = "changed"
		if got := names()[0]; got != want {
			t.Errorf("the first of the %s is now %q", what, got)
		}
	}
}
