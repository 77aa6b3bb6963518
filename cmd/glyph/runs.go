package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/message"
	"glyph/runs"
)

// columnNames are the names of the columns of glyph runs.
func columnNames() (names []string) {
	for _, c := range runs.Columns() {
		names = append(names, c.Name)
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
		Long: `List the runs in DIR (default runs): their progress, results, speed and device.
--filter takes a column or any flag of glyph train, as in --filter state=finished
--filter lr=0.01; a run must match all of them.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := flags.RunsDir
			if len(args) > 0 {
				dir = args[0]
			}
			column, ok := runs.FindColumn(by)
			if !ok {
				return fmt.Errorf("--sort must be %s, not %q", strings.Join(columnNames(), ", "), by)
			}
			found, err := runs.List(dir)
			if errors.Is(err, fs.ErrNotExist) && found == nil {
				return fmt.Errorf("%s: no such directory; glyph train creates it, or name another", message.Quote(dir))
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
			runs.Sort(found, column)
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(found)
			}
			return printRuns(cmd.OutOrStdout(), found)
		},
	}
	cmd.Flags().StringVar(&by, "sort", "started", "sort by this `column`: "+strings.Join(columnNames(), ", "))
	cmd.Flags().StringArrayVar(&filters, "filter", nil, "list only runs with this `column=value` or flag=value")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON list")
	cmd.AddCommand(newRunsDiff())
	return cmd
}

// printRuns prints runs as a table.
func printRuns(out io.Writer, found []*runs.Run) error {
	rows := [][]string{columnNames()}
	for _, r := range found {
		var cells []string
		for _, c := range runs.Columns() {
			cells = append(cells, message.Quote(c.Text(r)))
		}
		rows = append(rows, cells)
	}
	_, err := fmt.Fprint(out, terminal.Table(rows, terminal.Width(out), false))
	return err
}

// filterRuns keeps the runs where a column or a flag has that value.
func filterRuns(all []*runs.Run, filter string) ([]*runs.Run, error) {
	name, want, ok := strings.Cut(filter, "=")
	_, column := runs.FindColumn(name)
	if !ok || !column && newTrain().Flags().Lookup(name) == nil {
		return nil, fmt.Errorf("--filter %s: want NAME=VALUE with a column (%s) or a flag of glyph train", filter, strings.Join(columnNames(), ", "))
	}
	return runs.Filter(all, name, want), nil
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
			settings, results := runs.Diff(two[0], two[1])
			out := cmd.OutOrStdout()
			if asJSON {
				return json.NewEncoder(out).Encode(map[string]any{"settings": settings, "results": results})
			}
			rows := [][]string{{"", message.Quote(two[0].Name), message.Quote(two[1].Name)}}
			for _, d := range append(settings, results...) {
				rows = append(rows, []string{message.Quote(d.Name), message.Quote(cmp.Or(d.A, "-")), message.Quote(cmp.Or(d.B, "-"))})
			}
			if len(settings) == 0 {
				rows = append(rows, []string{"settings", "the same"})
			}
			_, err := fmt.Fprint(out, terminal.Table(rows, terminal.Width(out), false))
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	flags.TakesRuns(cmd, 2)
	return cmd
}
