package main

import (
	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/progress"
)

func newWatch() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "watch RUN",
		Short: "Follow a run in progress until it ends",
		Long: `Follow a run that another process is training, from its metrics: curves on a
terminal, elsewhere a line per epoch. It ends when the run does.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return progress.Follow(cmd.Context(), cmd.OutOrStdout(), args[0])
		},
	}
	flags.TakesRuns(cmd, 1)
	return cmd
}
