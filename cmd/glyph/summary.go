package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"glyph/models"
)

func newSummary() *cobra.Command {
	var f netFlags
	cmd := &cobra.Command{
		Use:   "summary",
		Short: "Print the layers of a network, their shapes, parameters and FLOPs",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := readConfig(cmd); err != nil {
				return err
			}
			spec, err := f.spec()
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
	f.add(cmd.Flags())
	addConfig(cmd)
	return cmd
}
