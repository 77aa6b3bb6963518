package runs

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"glyph/settings"
)

// Difference is a setting or a result in which two runs differ.
type Difference struct {
	Name string `json:"name"`
	A    string `json:"a"`
	B    string `json:"b"`
}

// Diff is what differs between two runs: the settings that acted, by name, and the results
// in the order of the columns. A setting that a run does not have is empty.
func Diff(a, b *Run) (settings, results []Difference) {
	was, is := a.Settled(), b.Settled()
	names := maps.Clone(was)
	maps.Copy(names, is)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if was[name] != is[name] && !(none(was[name]) && none(is[name])) {
			settings = append(settings, Difference{name, was[name], is[name]})
		}
	}
	for _, c := range Columns() {
		switch c.Name {
		case "name", "model": // which are settings
			continue
		case "epochs": // which a setting tells of, unless a run ended before them or has none
			if a.Epoch == a.Epochs && b.Epoch == b.Epochs && was["epochs"] != is["epochs"] {
				continue
			}
			c.Name = "epochs done"
		}
		if x, y := c.Text(a), c.Text(b); x != y {
			results = append(results, Difference{c.Name, x, y})
		}
	}
	if a.TrainLoss != b.TrainLoss {
		results = append(results, Difference{"train loss", fmt.Sprintf("%.4f", a.TrainLoss), fmt.Sprintf("%.4f", b.TrainLoss)})
	}
	return settings, results
}

// none reports whether a setting adds nothing: it is 0, or it is not there to be anything.
func none(text string) bool { return text == "" || text == "0" }

// diffConfigs is the settings in which two configs differ, by name.
func diffConfigs(a, b map[string]any) (settings []Difference) {
	names := maps.Clone(a)
	maps.Copy(names, b)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !reflect.DeepEqual(a[name], b[name]) {
			settings = append(settings, Difference{name, Setting(a[name]), Setting(b[name])})
		}
	}
	return settings
}

// currentNames is a config by the names that its settings have now.
func currentNames(config map[string]any) map[string]any {
	now := make(map[string]any, len(config))
	for name, value := range config {
		now[settings.CurrentName(name)] = value
	}
	return now
}
