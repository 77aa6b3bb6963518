package file

import (
	"math"
	"strconv"
	"strings"

	"glyph/settings"
)

// valueText is a value of a setting as [settings.Setting.Set] reads it. Its error
// says what is wanted, for [table.fail].
func valueText(of settings.Setting, v any) (text string, ok bool) {
	kind := of.Kind()
	switch v := v.(type) {
	case string:
		return v, kind == settings.Name
	case int64:
		return strconv.FormatInt(v, 10), kind != settings.Name
	case float64:
		finite := !math.IsNaN(v) && !math.IsInf(v, 0)
		return strconv.FormatFloat(v, 'g', -1, 64), finite && (kind == settings.Number || kind == settings.Numbers)
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			if _, nested := e.([]any); nested {
				return "", false
			}
			if parts[i], ok = valueText(of, e); !ok {
				return "", false
			}
		}
		return strings.Join(parts, ","), of.List() && len(v) > 0
	}
	return "", false
}

// put sets a setting to a value of the table's key.
func (t table) put(of settings.Setting, key string, v any, set *settings.Training) error {
	text, ok := valueText(of, v)
	if !ok {
		return t.fail(key, "%s must be %s, not %s", of.Name, wants(of), kindOf(v))
	}
	if err := of.Set(set, text); err != nil {
		return t.fail(key, "%s: %w", of.Name, err)
	}
	return nil
}

// wants says what a setting's value is in TOML.
func wants(of settings.Setting) string {
	switch of.Kind() {
	case settings.Name:
		return "a name in quotation marks"
	case settings.Wholes:
		return "a whole number or a list of them, such as [256, 128]"
	case settings.Numbers:
		return "a number or a list of them, such as [0.2, 0.5]"
	}
	return of.Kind().Wants()
}
