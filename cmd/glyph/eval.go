package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/message"
	"glyph/kmnist"
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

	TestBalancedAccuracy float64  `json:"test_balanced_accuracy"`
	Classes              []string `json:"classes"` // of the network, by label
}

// evalFlags are the flags of glyph eval.
type evalFlags struct {
	data    string
	backend flags.Backend
	batch   int
	json    bool
}

func newEval() *cobra.Command {
	var f evalFlags
	cmd := &cobra.Command{
		Use:   "eval RUN",
		Short: "Evaluate saved weights on the test set",
		Long: `Evaluate the weights that glyph train --out DIR saved, or a weights file, on the
test set of the data they were trained on, or of --data.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.data, "data", "", ofWhat)
	f.backend.Add(flags, "auto")
	flags.IntVar(&f.batch, "batch", 128, "images per step")
	flags.BoolVar(&f.json, "json", false, "print one JSON object, and everything else to standard error")
	return cmd
}

func (f *evalFlags) run(cmd *cobra.Command, path string) error {
	if err := f.backend.Check(); err != nil {
		return err
	}
	if f.batch < 1 {
		return fmt.Errorf("--batch must be at least 1, not %d", f.batch)
	}
	w, err := runs.OpenWeights(path)
	if err != nil {
		return err
	}
	source, err := openData(cmd.Context(), cmp.Or(f.data, w.Data), "", w.Pictures())
	if err != nil {
		return err
	}
	dev, err := f.backend.Open()
	if err != nil {
		return err
	}
	defer dev.Close() //nolint:errcheck // Evaluate has reported device errors
	result, err := w.Evaluate(cmd.Context(), dev, source, f.batch)
	if err != nil {
		return err
	}
	e := evaluation{
		Weights: w.Path, Data: source.Name, DataSource: source.Source, TestImages: source.Test.Len(),
		Model: w.Spec.Model, Parameters: w.Spec.ParamCount(), Backend: dev.Kind, Device: dev.Hardware,
		TestLoss: result.Loss, TestAccuracy: result.Accuracy, Confusion: result.Confusion,
		TestBalancedAccuracy: train.BalancedAccuracy(result.Confusion),
	}
	for _, c := range w.ClassNames() {
		e.Classes = append(e.Classes, c.String())
	}
	out := cmd.OutOrStdout()
	if f.json {
		out = cmd.ErrOrStderr() // standard output is for the JSON
	}
	if dev.Note != "" {
		fmt.Fprintln(out, dev.Note)
	}
	if err := w.SameClasses(source); err != nil {
		source.Notes = append(source.Notes, "warning: "+err.Error())
	}
	e.print(out, source.Notes, w.ClassNames())
	if f.json {
		return json.NewEncoder(cmd.OutOrStdout()).Encode(e)
	}
	return nil
}

// print prints the result as text.
func (e evaluation) print(out io.Writer, notes []string, classes []kmnist.Class) {
	fmt.Fprintf(out, "data     %s: %s\n", e.DataSource, message.Count(e.TestImages, "test image"))
	printNotes(out, notes)
	fmt.Fprintf(out, "model    %s, %s\n", e.Model, message.Count(e.Parameters, "parameter"))
	fmt.Fprintf(out, "test     loss %.4f, accuracy %.2f %%%s\n\n", e.TestLoss, 100*e.TestAccuracy, balanced(e.Confusion))
	terminal.Confusion(out, e.Confusion, classes)
}

// balanced is the balanced accuracy as it follows the accuracy, of a test set whose
// classes differ in size; "" for any other, where the two are about the same.
func balanced(counts [][]int) string {
	if !train.Unbalanced(counts) {
		return ""
	}
	return fmt.Sprintf(", balanced accuracy %.2f %%", 100*train.BalancedAccuracy(counts))
}

// printNotes prints notes about data, those that begin with a warning as they are.
func printNotes(out io.Writer, notes []string) {
	for _, note := range notes {
		if !strings.HasPrefix(note, "warning: ") {
			note = "note     " + note
		}
		fmt.Fprintln(out, note)
	}
}
