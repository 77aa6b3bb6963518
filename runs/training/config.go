package training

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"glyph/runs"
	"glyph/settings"
)

// writeConfig writes the config of a new run, and keeps beside it what is not to
// be had again otherwise: the weights it begins with and the names of classes.
func (t *Training) writeConfig() error {
	kept := map[string]string{"data": t.Data.Name, "data-hash": t.hash, "backend": t.Device.Kind}
	if t.KeepClasses {
		if err := t.recorder.SaveClasses(); err != nil {
			return err
		}
		kept["classes"] = runs.ClassesFile // beside the config, wherever that goes
	}
	if t.Start != nil {
		if err := t.recorder.SaveStart(); err != nil {
			return err
		}
		kept["weights"] = runs.StartFile // as above
	}
	format := t.Config
	if format == nil {
		format = t.config
	}
	text, err := format(kept)
	if err != nil {
		return err
	}
	return t.dir.WriteConfig(text)
}

// config is the settings as a config file, but for those that say nothing.
func (t *Training) config(kept map[string]string) ([]byte, error) {
	set, unset := t.Settings, settings.Default()
	set.Spec = t.Spec
	var entries []runs.ConfigEntry
	for _, s := range settings.All() {
		if t.Start != nil && t.KeepSpec && slices.Contains(settings.Architecture(), s.Name) {
			continue
		}
		value, usual := reflect.ValueOf(s.At(&set)).Elem(), reflect.ValueOf(s.At(&unset)).Elem()
		if value.IsZero() && usual.IsZero() {
			continue
		}
		entries = append(entries, runs.ConfigEntry{Name: s.Name, Value: entry(value)})
	}
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		entries = append(entries, runs.ConfigEntry{Name: name, Value: kept[name]})
	}
	return runs.FormatConfig(entries)
}

// entry is a setting's value as one of a config.
func entry(v reflect.Value) any {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch v := v.Interface().(type) {
	case int:
		return int64(v)
	case uint64, float64, string, []float64:
		return v
	case float32:
		return float64(v) // exactly, so that it becomes the same float32 again
	case []int:
		list := make([]int64, len(v))
		for i, n := range v {
			list[i] = int64(n)
		}
		return list
	}
	panic(fmt.Sprintf("a config has no place for a %v", v.Type()))
}
