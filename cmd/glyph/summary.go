package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/models"
)

func newSummary() *cobra.Command {
	var f flags.Network
	cmd := &cobra.Command{
		Use:   "summary",
		Short: "Print the layers of a network, their shapes, parameters and FLOPs",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := flags.ReadConfig(cmd); err != nil {
				return err
			}
			spec, err := f.Spec()
			if err != nil {
				return err
			}
			stages, err := spec.Plan()
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			_, err = fmt.Fprint(out, summaryText(stages, terminal.Width(out)))
			return err
		},
	}
	cmd.Flags().SortFlags = false
	f.Add(cmd.Flags())
	flags.AddConfig(cmd)
	return cmd
}

// summaryText is the table of a network in at most width columns of a terminal; 0 is any
// number.
func summaryText(stages []models.Stage, width int) string {
	table := models.Lines(stages)
	for line := range strings.Lines(table) {
		if width > 0 && terminal.Columns(strings.TrimRight(line, " \n")) > width {
			table = terminal.Table(models.Rows(stages), width, false)
			break
		}
	}
	return table + "\n" + terminal.Wrap("", models.Memory(stages), width)
}
