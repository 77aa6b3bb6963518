package main

import (
	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/usage"
)

func newTrain() *cobra.Command {
	var f flags.Train
	cmd := &cobra.Command{
		Use:   "train",
		Short: "Train a network and evaluate it on the test set",
		Long: `Train a network and evaluate it on the test set. A tenth of the training images is
held out as a validation set: it is evaluated after each epoch, and the weights of
the epoch with the lowest validation loss are kept. --validation 0 trains on all
images and keeps the last weights, and so do the recipes.

A run that stopped resumes with --resume, and ends with the same bits as one that
never stopped. With --epochs N a finished run continues, up to N epochs in all. With
a constant schedule it ends with the same bits as if N had been given from the
beginning. With another schedule, the epochs so far had the learning rates of the
shorter schedule, and the rate may jump.`,
		Example: `  glyph train --model cnn --epochs 12 --lr 0.01 --optimizer momentum --out runs/cnn
  glyph train --limit 1000 --augment --epochs 200 --batch 32 --optimizer adamw --lr 0.002 --schedule one-cycle --label-smoothing 0.1
  glyph train --data DIR --model mlp --hidden 256,128 --patience 3
  glyph train --resume runs/cnn
  glyph train --resume runs/cnn --epochs 20`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runTraining(cmd, &f) },
	}
	cmd.Flags().SortFlags = false
	f.Add(cmd.Flags())
	usage.Headed(cmd.Flags(), "The run", func() { flags.AddConfig(cmd) })
	return cmd
}
