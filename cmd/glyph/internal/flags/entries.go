package flags

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"glyph/runs"
)

// Config is the flags as the text of a config file. resolved has the values to write
// in place of those given; an empty one leaves its flag out.
func Config(fs *pflag.FlagSet, resolved map[string]string) ([]byte, error) {
	var entries []runs.ConfigEntry
	var err error
	fs.VisitAll(func(f *pflag.Flag) {
		text, given := resolved[f.Name]
		if !given {
			text = f.Value.String()
		}
		if slices.Contains(notInConfig, f.Name) || text == "" || f.Value.Type() != "string" && !f.Changed && !given && (text == "0" || text == "[]") {
			return // not set, or chosen by the preset
		}
		value, bad := configValue(f.Value.Type(), text)
		if bad != nil && err == nil {
			err = fmt.Errorf("%s %s can't be recorded: %w", f.Name, text, bad)
		}
		entries = append(entries, runs.ConfigEntry{Name: f.Name, Value: value})
	})
	if err != nil {
		return nil, err
	}
	return runs.FormatConfig(entries)
}

// configValue is the value of a flag of a type, from its text.
func configValue(kind, text string) (any, error) {
	switch kind {
	case "string", "duration":
		return text, nil
	case "bool":
		return strconv.ParseBool(text)
	case "int":
		return strconv.ParseInt(text, 10, 64)
	case "uint64":
		return strconv.ParseUint(text, 10, 64)
	case "float64":
		return strconv.ParseFloat(text, 64)
	case "intSlice":
		return numbers(text, func(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) })
	case "float64Slice":
		return numbers(text, func(s string) (float64, error) { return strconv.ParseFloat(s, 64) })
	}
	return nil, fmt.Errorf("a config can't hold flags of type %s", kind)
}

// numbers reads a list flag's text, [1,2].
func numbers[T any](text string, parse func(string) (T, error)) (list []T, err error) {
	text = strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	if text == "" {
		return []T{}, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		v, err := parse(part)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// Recordable reports a flag whose value can't be written to a config, before
// anything is trained.
func Recordable(fs *pflag.FlagSet) error {
	if _, err := Config(fs, nil); err != nil {
		return fmt.Errorf("--%w; choose another value, or keep no run with --out none", err)
	}
	return nil
}
