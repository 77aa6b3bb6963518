package models

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// String is the spec in one line: "cnn 32-64-64, 256, relu, dropout 0.25".
func (s Spec) String() string {
	s = s.WithDefaults()
	var def Spec
	if p, err := findPreset(s.Model); err == nil {
		def = p.defaults
	}
	text := s.Model
	add := func(set bool, format string, args ...any) {
		if set {
			text += fmt.Sprintf(format, args...)
		}
	}
	add(s.Depth != 0, " %d", s.Depth)
	add(len(s.Hidden) > 0, " %s", joined(s.Hidden))
	add(len(s.Filters) > 0, " %s", joined(s.Filters))
	add(len(s.Units) > 0, ", %s", joined(s.Units))
	add(s.Activation != "" && s.Activation != "none", ", %s", s.Activation)
	add(slices.ContainsFunc(s.Dropout, func(r float64) bool { return r != 0 }), ", dropout %s", joined(s.Dropout))
	add(s.Width != 0 && s.Width != def.Width, ", width %d", s.Width)
	add(s.Norm != def.Norm, ", norm %s", s.Norm)
	add(s.Shortcut != def.Shortcut, ", shortcut %s", s.Shortcut)
	add(s.Init != "" && s.Init != def.init(), ", %s", s.Init)
	add(s.L2 != 0, ", l2 %v", s.L2)
	return text
}

// joined writes numbers as 32-64-64.
func joined[T int | float64](list []T) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(list), "[]"), " ", "-")
}

// JSON is the spec as it stands in a weights file.
func (s Spec) JSON() (string, error) {
	text, err := json.Marshal(s.WithDefaults())
	return string(text), err
}

// ParseSpec is the inverse of JSON. It accepts no unknown settings and checks
// the rest as Validate does.
func ParseSpec(text string) (Spec, error) {
	var s Spec
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return Spec{}, fmt.Errorf("the description of the network is not the JSON of a spec: %w", err)
	}
	if d.More() {
		return Spec{}, errors.New("the description of the network has data after its end")
	}
	return s, s.Validate()
}
