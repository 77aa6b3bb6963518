package file

import (
	"slices"

	"glyph/settings"
	"glyph/study/space"
)

// Sweep is what a file says about a sweep.
type Sweep struct {
	Axes map[string]space.Axis // by setting
	// Flags are the other keys, which are flags of glyph sweep, as their text.
	Flags map[string]string
	lines table
}

// sweepFlags are the keys of a sweep's file that are not settings: flags of glyph
// sweep by the same names.
func sweepFlags() []string {
	return []string{"random", "draw-seed", "halving", "eta", "min-epochs", "data", "augment"}
}

// ReadSweep reads a sweep. A setting has one value or a list of them; a setting whose
// values are lists has one list, or a list of lists; and a range is a text, such as
// "1..5" or "log:0.001..0.1". The error is one line without the file's name.
func ReadSweep(text []byte) (Sweep, error) {
	doc, err := parse(text)
	if err != nil {
		return Sweep{}, err
	}
	known := sweepFlags()
	for _, s := range settings.All() {
		known = append(append(known, s.Name), s.Former...)
	}
	if err := doc.only(known...); err != nil {
		return Sweep{}, err
	}
	sweep := Sweep{Axes: map[string]space.Axis{}, Flags: map[string]string{}, lines: doc}
	for _, s := range settings.All() {
		for _, key := range append([]string{s.Name}, s.Former...) {
			if !doc.has(key) {
				continue
			}
			if _, twice := sweep.Axes[s.Name]; twice {
				return Sweep{}, doc.fail(key, "%s and %s are the same setting; leave one out", s.Name, key)
			}
			if sweep.Axes[s.Name], err = doc.axisOf(s, key); err != nil {
				return Sweep{}, err
			}
		}
	}
	return sweep, sweep.flags(doc)
}

// flags reads the keys that are not settings.
func (s Sweep) flags(doc table) error {
	for _, key := range sweepFlags() {
		if !doc.has(key) {
			continue
		}
		var err error
		switch key {
		case "data":
			s.Flags[key], err = doc.text(key)
		case "halving", "augment":
			var yes bool
			yes, err = doc.truth(key)
			s.Flags[key] = map[bool]string{true: "true", false: "false"}[yes]
		default:
			_, err = doc.whole(key)
			s.Flags[key] = plain(doc.values[key])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Fail is an error about a key of the file, with its line.
func (s Sweep) Fail(key string, err error) error { return s.lines.fail(key, "%w", err) }

// axisOf is the values of a setting.
func (t table) axisOf(of settings.Setting, key string) (space.Axis, error) {
	v := t.values[key]
	if text, ok := v.(string); ok && of.Kind() != settings.Name {
		axis, err := space.ParseAxis(of, []string{text})
		if err != nil {
			return axis, t.fail(key, "%s: %w", of.Name, err)
		}
		return axis, nil
	}
	values, isList := v.([]any)
	if !isList || of.List() && !slices.ContainsFunc(values, func(e any) bool { _, nested := e.([]any); return nested }) {
		values = []any{v}
	}
	axis := space.Axis{Setting: of.Name}
	for _, v := range values {
		var set settings.Training
		if err := t.put(of, key, v, &set); err != nil {
			return axis, err
		}
		if text := of.Text(&set); !slices.Contains(axis.Values, text) {
			axis.Values = append(axis.Values, text)
		}
	}
	if len(axis.Values) == 0 {
		return axis, t.fail(key, "%s has no value", of.Name)
	}
	return axis, nil
}

func plain(v any) string { return kindOf(v) }
