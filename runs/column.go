package runs

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"glyph/internal/message"
)

// Column is something that lists of runs show, sort by and filter by.
type Column struct {
	Name string
	Text func(*Run) string // as it is shown; "-" where it is not known

	key      func(*Run) any // a float64 or a string; nil where it is not known
	greatest bool           // first
	old      string         // what older versions called it
}

// Columns lists all columns, in the order of a table.
func Columns() []Column {
	return []Column{
		{Name: "name", Text: func(r *Run) string { return r.Name }, key: func(r *Run) any { return r.Name }},
		{Name: "model", Text: func(r *Run) string { return r.Model }, key: func(r *Run) any { return r.Model }},
		{Name: "state", Text: func(r *Run) string { return string(r.State) }, key: func(r *Run) any { return string(r.State) }},
		{Name: "epochs", Text: epochs, key: func(r *Run) any { return float64(r.Epoch) }, greatest: true},
		{Name: "test", Text: func(r *Run) string { return percent(r.TestAccuracy) }, key: func(r *Run) any { return number(r.TestAccuracy) }, greatest: true},
		{Name: "validation", Text: func(r *Run) string { return percent(r.ValidationAccuracy) }, key: func(r *Run) any { return number(r.ValidationAccuracy) }, greatest: true, old: "holdout"},
		{Name: "images/s", Text: speed, key: func(r *Run) any { return number(nonzero(r.ImagesPerSecond)) }, greatest: true},
		{Name: "device", Text: func(r *Run) string { return cmp.Or(r.Device, "-") }, key: func(r *Run) any { return known(r.Device) }},
		{Name: "started", Text: func(r *Run) string { return r.Started.Format("2006-01-02 15:04") }, key: func(r *Run) any { return float64(r.Started.UnixNano()) }, greatest: true},
	}
}

// FindColumn finds a column by its name.
func FindColumn(name string) (Column, bool) {
	all := Columns()
	i := slices.IndexFunc(all, func(c Column) bool { return c.Name == name || name != "" && c.old == name })
	if i < 0 {
		return Column{}, false
	}
	return all[i], true
}

func epochs(r *Run) string {
	if r.Epochs == 0 { // imported
		return "-"
	}
	return fmt.Sprintf("%d/%d", r.Epoch, r.Epochs)
}

func speed(r *Run) string {
	if r.ImagesPerSecond == 0 { // imported, or before the first epoch
		return "-"
	}
	return message.Thousands(int(math.RoundToEven(r.ImagesPerSecond)))
}

func nonzero(v float64) *float64 {
	if v == 0 {
		return nil
	}
	return &v
}

func percent(v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf("%.2f %%", 100**v)
}

func number(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

func known(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// Sort sorts runs by a column: text alphabetically, times and figures from the latest
// and the largest down. Runs without a value come last.
func Sort(list []*Run, by Column) {
	slices.SortStableFunc(list, func(a, b *Run) int {
		x, y := by.key(a), by.key(b)
		if x == nil || y == nil {
			return cmp.Compare(order(x), order(y))
		}
		if by.greatest {
			x, y = y, x
		}
		if text, ok := x.(string); ok {
			return cmp.Compare(text, y.(string))
		}
		return cmp.Compare(x.(float64), y.(float64))
	})
}

// order puts what is not known after what is.
func order(key any) int {
	if key == nil {
		return 1
	}
	return 0
}

// Filter is the runs where a column or a setting has that value. Values are
// compared as numbers if both are numbers.
func Filter(list []*Run, name, value string) (kept []*Run) {
	column, found := FindColumn(name)
	for _, r := range list {
		got := Setting(r.Config[name])
		if found {
			got = column.Text(r)
		}
		if sameValue(got, value) || column.Name == "images/s" && sameValue(strings.ReplaceAll(got, ",", ""), value) || !found && sameValue(r.Settled()[name], value) { // a default, perhaps
			kept = append(kept, r)
		}
	}
	return kept
}

func sameValue(a, b string) bool {
	x, errX := strconv.ParseFloat(strings.TrimSuffix(a, " %"), 64)
	y, errY := strconv.ParseFloat(strings.TrimSuffix(b, " %"), 64)
	return a == b || errX == nil && errY == nil && x == y
}

// Setting is a value of a run's config as it would be written on a command line:
// lists with commas between their elements, and "" if there is none.
func Setting(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = Setting(e)
		}
		return strings.Join(parts, ",")
	}
	return fmt.Sprint(v)
}
