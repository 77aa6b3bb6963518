package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/models"
	"glyph/runs"
)

func newSummary() *cobra.Command {
	var f flags.Network
	cmd := &cobra.Command{
		Use:   "summary [RUN]",
		Short: "Print the layers of a network, their shapes, parameters and FLOPs",
		Long: `Print the layers of a network with their shapes, parameters and FLOPs: of the network
of a run or of a weights file, or, without one, of the network that the flags
describe, for KMNIST's images.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			spec, err := summarised(cmd, &f, args)
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
	flags.TakesRuns(cmd, 1)
	ofRun := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		err := ofRun(cmd, args)
		if len(args) == 1 && slices.Contains(models.PresetNames(), args[0]) {
			if _, missing := flags.FindRun(args[0]); missing != nil {
				return fmt.Errorf("there is no run or file %[1]s; did you mean --model %[1]s?", args[0])
			}
		}
		return err
	}
	return cmd
}

// summarised is the network of a run, or the one that the flags describe.
func summarised(cmd *cobra.Command, f *flags.Network, args []string) (models.Spec, error) {
	if len(args) == 0 {
		if err := flags.ReadConfig(cmd, trainNames()...); err != nil {
			return models.Spec{}, err
		}
		return f.Spec()
	}
	if cmd.Flags().NFlag() > 0 {
		return models.Spec{}, errors.New("a run has its own network: leave out RUN, or all flags")
	}
	w, err := runs.OpenWeights(args[0])
	if err != nil {
		return models.Spec{}, err
	}
	return w.Spec, nil
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
