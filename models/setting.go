package models

import (
	"fmt"
	"slices"
	"strings"
)

// SettingError says that the user gave a setting a value it can't have.
type SettingError struct {
	Setting string // its name, as on the command line: "weight-decay"
	Problem string // what is wrong, to follow the name: "must be at least 0, not -1", or ": unknown ..."
}

// Error is the name and what is wrong with it.
func (e *SettingError) Error() string {
	if strings.HasPrefix(e.Problem, ":") {
		return e.Setting + e.Problem
	}
	return e.Setting + " " + e.Problem
}

func wrong(setting, format string, args ...any) error {
	return &SettingError{setting, fmt.Sprintf(format, args...)}
}

// presetSettings are the settings that not every preset has.
var presetSettings = []struct {
	name  string
	given func(s Spec, p *preset) bool // set to something that a preset without it can't have
	has   func(p *preset) bool
}{
	{"hidden", func(s Spec, _ *preset) bool { return len(s.Hidden) > 0 }, func(p *preset) bool { return p.defaults.Hidden != nil }},
	{"filters", func(s Spec, _ *preset) bool { return len(s.Filters) > 0 }, func(p *preset) bool { return p.defaults.Filters != nil }},
	{"units", func(s Spec, _ *preset) bool { return len(s.Units) > 0 }, func(p *preset) bool { return p.defaults.Units != nil }},
	{"depth", func(s Spec, _ *preset) bool { return s.Depth != 0 }, func(p *preset) bool { return p.defaults.Depth != 0 }},
	{"width", func(s Spec, _ *preset) bool { return s.Width != 0 }, func(p *preset) bool { return p.defaults.Width != 0 }},
	{"norm", func(s Spec, _ *preset) bool { return s.Norm != "" }, func(p *preset) bool { return p.defaults.Norm != "" }},
	{"shortcut", func(s Spec, _ *preset) bool { return s.Shortcut != "" }, func(p *preset) bool { return p.defaults.Shortcut != "" }},
	{"activation", func(s Spec, p *preset) bool { return s.Activation != "" && s.Activation != p.defaults.Activation },
		func(p *preset) bool { return p.defaults.Activation != "none" }},
	{"dropout", func(s Spec, _ *preset) bool { return len(s.Dropout) > 0 }, func(p *preset) bool { return p.defaults.Dropout != nil }},
}

// PresetSettings names the settings that a preset has and others may not have:
// those of hidden, filters, units, activation and dropout. An unknown preset has
// none.
func PresetSettings(name string) (names []string) {
	p, err := findPreset(name)
	if err != nil {
		return nil
	}
	for _, setting := range presetSettings {
		if setting.has(p) {
			names = append(names, setting.name)
		}
	}
	return names
}

// HasSetting reports whether a preset has a setting of [PresetSettings].
func HasSetting(preset, setting string) bool {
	return slices.Contains(PresetSettings(preset), setting)
}
