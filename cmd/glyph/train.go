package main

import (
	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
)

func newTrain() *cobra.Command {
	var f flags.Train
	cmd := &cobra.Command{
		Use:   "train",
		Short: "Train a network and evaluate it on the test set",
		Example: `  glyph train --model cnn --epochs 12 --lr 0.01 --optimizer momentum --out runs/cnn
  glyph train --limit 1000 --augment --epochs 200 --batch 32 --optimizer adamw --lr 0.002 --schedule one-cycle --label-smoothing 0.1
  glyph train --data DIR --model mlp --hidden 256,128 --validation 0.1 --patience 3
  glyph train --resume runs/cnn`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runTraining(cmd, &f) },
	}
	cmd.Flags().SortFlags = false
	f.Add(cmd.Flags())
	flags.AddConfig(cmd)
	return cmd
}
