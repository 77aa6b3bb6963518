package runs

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
)

// Difference is a setting or a result in which two runs differ.
type Difference struct {
	Name string `json:"name"`
	A    string `json:"a"`
	B    string `json:"b"`
}

// Diff is what differs between two runs: the settings by name, and the results in
// the order of the columns. A setting that a run does not have is empty.
func Diff(a, b *Run) (settings, results []Difference) {
	names := map[string]bool{}
	for _, r := range []*Run{a, b} {
		for name := range r.Config {
			names[name] = true
		}
	}
	for name := range names {
		if !reflect.DeepEqual(a.Config[name], b.Config[name]) {
			settings = append(settings, Difference{name, Setting(a.Config[name]), Setting(b.Config[name])})
		}
	}
	slices.SortFunc(settings, func(x, y Difference) int { return cmp.Compare(x.Name, y.Name) })
	for _, c := range Columns() {
		if c.Name == "name" || c.Name == "model" { // which are settings
			continue
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
