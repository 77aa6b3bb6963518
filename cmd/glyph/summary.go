package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
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
			table, err := models.Summary(spec)
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(cmd.OutOrStdout(), table)
			return err
		},
	}
	cmd.Flags().SortFlags = false
	f.Add(cmd.Flags())
	flags.AddConfig(cmd)
	return cmd
}
