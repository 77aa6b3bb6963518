package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"glyph/internal/message"
	"glyph/runs"
	"glyph/train"
)

// evaluation is what glyph eval --json prints.
type evaluation struct {
	Weights      string  `json:"weights"`
	Data         string  `json:"data"`
	DataSource   string  `json:"data_source"`
	TestImages   int     `json:"test_images"`
	Model        string  `json:"model"`
	Parameters   int     `json:"parameters"`
	Backend      string  `json:"backend"`
	Device       string  `json:"device"`
	TestLoss     float64 `json:"test_loss"`
	TestAccuracy float64 `json:"test_accuracy"`
	Confusion    [][]int `json:"confusion"` // [label][prediction]
}

func newEval() *cobra.Command {
	var (
		data    string
		backend backendFlags
		batch   int
		asJSON  bool
	)
	cmd := &cobra.Command{
		Use:   "eval RUN",
		Short: "Evaluate saved weights on the test set",
		Long: `Evaluate the weights that glyph train --out DIR saved, or a weights file, on the
test set of the data they were trained on, or of --data.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := backend.check(); err != nil {
				return err
			}
			if batch < 1 {
				return fmt.Errorf("--batch must be at least 1, not %d", batch)
			}
			s, err := runs.OpenWeights(args[0])
			if err != nil {
				return err
			}
			if data == "" {
				data = s.Data
			}
			source, err := openData(cmd.Context(), data, "")
			if err != nil {
				return err
			}
			dev, err := backend.open()
			if err != nil {
				return err
			}
			defer dev.Close() //nolint:errcheck // Evaluate has told of device errors
			if err := s.Fits(source); err != nil {
				return err
			}
			net, err := s.Network(dev, batch)
			if err != nil {
				return err
			}
			result, err := train.Evaluate(cmd.Context(), dev, net, train.Data{
				Test: set(source.Test), Classes: net.Classes(), Mean: s.Mean, Scale: s.Scale,
			})
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if dev.note != "" {
				fmt.Fprintln(out, dev.note)
			}
			fmt.Fprintf(out, "data     %s: %d test images\n", source.Source, source.Test.Len())
			printNotes(out, append(source.Notes, otherNames(s, source)...))
			fmt.Fprintf(out, "model    %s, %s parameters\n", s.Spec.Model, message.Thousands(net.ParamCount()))
			fmt.Fprintf(out, "test     loss %.4f, accuracy %.2f %%\n\n", result.Loss, 100*result.Accuracy)
			printConfusion(out, result.Confusion, s.ClassNames())
			if !asJSON {
				return nil
			}
			return json.NewEncoder(out).Encode(evaluation{
				Weights: s.Path, Data: source.Name, DataSource: source.Source, TestImages: source.Test.Len(),
				Model: s.Spec.Model, Parameters: net.ParamCount(), Backend: dev.kind, Device: dev.name,
				TestLoss: result.Loss, TestAccuracy: result.Accuracy, Confusion: result.Confusion,
			})
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&data, "data", "", "kmnist, synthetic, or a `directory` with four files in MNIST's format (default: what the weights were trained on)")
	backend.add(flags, "auto")
	flags.IntVar(&batch, "batch", 128, "images a step")
	flags.BoolVar(&asJSON, "json", false, "print one JSON object as the last line")
	return cmd
}
