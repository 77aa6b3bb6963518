package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"glyph/runs"
)

// runColumn is a column of glyph runs: what it shows, what it sorts by (a number
// or text; nothing known sorts last), and whether the greatest comes first.
type runColumn struct {
	name  string
	text  func(r *runs.Run) string
	key   func(r *runs.Run) any
	first bool
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

var runColumns = []runColumn{
	{"name", func(r *runs.Run) string { return r.Name }, func(r *runs.Run) any { return r.Name }, false},
	{"model", func(r *runs.Run) string { return r.Model }, func(r *runs.Run) any { return r.Model }, false},
	{"state", func(r *runs.Run) string { return string(r.State) }, func(r *runs.Run) any { return string(r.State) }, false},
	{"epochs", func(r *runs.Run) string { return fmt.Sprintf("%d/%d", r.Epoch, r.Epochs) }, func(r *runs.Run) any { return float64(r.Epoch) }, true},
	{"test", func(r *runs.Run) string { return percent(r.TestAccuracy) }, func(r *runs.Run) any { return number(r.TestAccuracy) }, true},
	{"holdout", func(r *runs.Run) string { return percent(r.ValidationAccuracy) }, func(r *runs.Run) any { return number(r.ValidationAccuracy) }, true},
	{"images/s", func(r *runs.Run) string { return fmt.Sprintf("%.0f", r.ImagesPerSecond) }, func(r *runs.Run) any { return r.ImagesPerSecond }, true},
	{"device", func(r *runs.Run) string { return cmp.Or(r.Device, "-") }, func(r *runs.Run) any { return r.Device }, false},
	{"started", func(r *runs.Run) string { return r.Started.Format("2006-01-02 15:04") }, func(r *runs.Run) any { return float64(r.Started.UnixNano()) }, true},
}

func columnNames() (names []string) {
	for _, c := range runColumns {
		names = append(names, c.name)
	}
	return names
}

func newRuns() *cobra.Command {
	var by string
	var filters []string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "runs [DIR]",
		Short: "List the runs in a directory, or compare two",
		Long: `List the runs in DIR (runs, if none is given): how far they are, what they reached,
how fast and where. --filter takes a column or any flag of glyph train, as in
--filter state=finished --filter lr=0.01; several must all hold.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := "runs"
			if len(args) > 0 {
				dir = args[0]
			}
			column := slices.IndexFunc(runColumns, func(c runColumn) bool { return c.name == by })
			if column < 0 {
				return fmt.Errorf("--sort must be %s, not %q", list(columnNames()), by)
			}
			found, err := runs.List(dir)
			if errors.Is(err, fs.ErrNotExist) && found == nil {
				return fmt.Errorf("%s: there is no such directory; glyph train makes it, or name another", dir)
			}
			if err != nil && found == nil {
				return err
			}
			if err != nil {
				fmt.Fprintln(cmd.ErrOrStderr(), err)
			}
			for _, f := range filters {
				if found, err = filterRuns(found, f); err != nil {
					return err
				}
			}
			sortRuns(found, runColumns[column])
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(found)
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, strings.Join(columnNames(), "\t"))
			for _, r := range found {
				var cells []string
				for _, c := range runColumns {
					cells = append(cells, c.text(r))
				}
				fmt.Fprintln(w, strings.Join(cells, "\t"))
			}
			return w.Flush()
		},
	}
	cmd.Flags().StringVar(&by, "sort", "started", "sort by this `column`: "+list(columnNames()))
	cmd.Flags().StringArrayVar(&filters, "filter", nil, "list runs with this `column=value` or flag=value only")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON list")
	cmd.AddCommand(newRunsDiff())
	return cmd
}

// filterRuns keeps the runs where a column or a flag has that value.
func filterRuns(all []*runs.Run, filter string) (kept []*runs.Run, err error) {
	name, want, ok := strings.Cut(filter, "=")
	column := slices.IndexFunc(runColumns, func(c runColumn) bool { return c.name == name })
	if !ok || column < 0 && newTrain().Flags().Lookup(name) == nil {
		return nil, fmt.Errorf("--filter %s: want NAME=VALUE with a column (%s) or a flag of glyph train", filter, list(columnNames()))
	}
	for _, r := range all {
		got := setting(r.Config[name])
		if column >= 0 {
			got = runColumns[column].text(r)
		}
		if sameValue(got, want) {
			kept = append(kept, r)
		}
	}
	return kept, nil
}

// sameValue compares as numbers where both are.
func sameValue(a, b string) bool {
	x, errX := strconv.ParseFloat(strings.TrimSuffix(a, " %"), 64)
	y, errY := strconv.ParseFloat(strings.TrimSuffix(b, " %"), 64)
	return a == b || errX == nil && errY == nil && x == y
}

// setting is a value of a config as it stands on a command line.
func setting(v any) string {
	if v == nil {
		return ""
	}
	text, err := flagText(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return text
}

func sortRuns(all []*runs.Run, by runColumn) {
	slices.SortStableFunc(all, func(a, b *runs.Run) int {
		x, y := by.key(a), by.key(b)
		if x == nil || y == nil { // not known: last
			return cmp.Compare(btoi(x == nil), btoi(y == nil))
		}
		order := 0
		switch x := x.(type) {
		case float64:
			order = cmp.Compare(x, y.(float64))
		case string:
			order = cmp.Compare(x, y.(string))
		}
		if by.first {
			order = -order
		}
		return order
	})
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// difference is a setting or a result in which two runs differ.
type difference struct {
	Name string `json:"name"`
	A    string `json:"a"`
	B    string `json:"b"`
}

func newRunsDiff() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "diff A B",
		Short: "Show what differs between two runs, in settings and in results",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			var two [2]*runs.Run
			for i, dir := range args {
				var err error
				if two[i], err = runs.Open(dir); err != nil {
					return err
				}
			}
			settings, results := diffSettings(two[0], two[1]), diffResults(two[0], two[1])
			out := cmd.OutOrStdout()
			if asJSON {
				return json.NewEncoder(out).Encode(map[string]any{"settings": settings, "results": results})
			}
			w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			fmt.Fprintf(w, "\t%s\t%s\n", two[0].Name, two[1].Name)
			for _, d := range append(settings, results...) {
				fmt.Fprintf(w, "%s\t%s\t%s\n", d.Name, cmp.Or(d.A, "-"), cmp.Or(d.B, "-"))
			}
			if len(settings) == 0 {
				fmt.Fprintln(w, "settings\tthe same\t")
			}
			return w.Flush()
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

func diffSettings(a, b *runs.Run) (list []difference) {
	names := map[string]bool{}
	for _, r := range []*runs.Run{a, b} {
		for name := range r.Config {
			names[name] = true
		}
	}
	for name := range names {
		if !reflect.DeepEqual(a.Config[name], b.Config[name]) {
			list = append(list, difference{name, setting(a.Config[name]), setting(b.Config[name])})
		}
	}
	slices.SortFunc(list, func(x, y difference) int { return cmp.Compare(x.Name, y.Name) })
	return list
}

func diffResults(a, b *runs.Run) (list []difference) {
	for _, c := range runColumns[2:] { // after name and model
		if x, y := c.text(a), c.text(b); x != y {
			list = append(list, difference{c.name, x, y})
		}
	}
	if a.TrainLoss != b.TrainLoss {
		list = append(list, difference{"train loss", fmt.Sprintf("%.4f", a.TrainLoss), fmt.Sprintf("%.4f", b.TrainLoss)})
	}
	return list
}
