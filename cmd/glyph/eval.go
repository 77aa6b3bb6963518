package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"glyph"
	"glyph/cmd/glyph/internal/flags"
	"glyph/cmd/glyph/internal/terminal"
	"glyph/internal/message"
	"glyph/kmnist"
	"glyph/models"
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

	TestAccuracyInterval [2]float64   `json:"test_accuracy_interval"` // Wilson's, 95 %
	Report               *classReport `json:"report"`

	// Of an ensemble, or of several views of each image.
	Members []member `json:"members,omitempty"`
	Views   int      `json:"views,omitempty"` // of an image that no single one decides
}

// member is a network of an ensemble, alone and from one view.
type member struct {
	Weights      string  `json:"weights"`
	Model        string  `json:"model"`
	TestLoss     float64 `json:"test_loss"`
	TestAccuracy float64 `json:"test_accuracy"`
}

// evalFlags are the flags of glyph eval.
type evalFlags struct {
	data    string
	backend flags.Backend
	batch   int
	tta     int
	json    bool
}

func newEval() *cobra.Command {
	var f evalFlags
	cmd := &cobra.Command{
		Use:   "eval RUN...",
		Short: "Evaluate saved weights on the test set",
		Long: `Evaluate the weights that glyph train --out DIR saved, or a weights file, on the
test set of the data they were trained on, or of --data: the accuracy, the precision,
recall and F1 of each class, and the confusion matrix. In parentheses are Wilson
intervals of 95 %: how far off a figure may be because the test set is finite.

Several runs are evaluated alone, and as an ensemble: by the mean of their
probabilities. With --tta an image that they are not sure of is also looked at from
eight other places.`,
		Example: `  glyph eval runs/cnn
  glyph eval runs/vgg-1 runs/vgg-2 runs/vgg-3 --tta 1`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVar(&f.data, "data", "", ofWhat)
	f.backend.Add(fs, "auto")
	fs.IntVar(&f.batch, "batch", 128, "images per step")
	fs.IntVar(&f.tta, "tta", 0, "move images by this many `pixels` for eight more views of each, and take the mean (test-time augmentation)")
	fs.BoolVar(&f.json, "json", false, "print one JSON object, and everything else to standard error")
	flags.TakesRuns(cmd, -1)
	return cmd
}

func (f *evalFlags) run(cmd *cobra.Command, paths []string) error {
	if err := f.backend.Check(); err != nil {
		return err
	}
	if f.batch < 1 {
		return fmt.Errorf("--batch must be at least 1, not %d", f.batch)
	}
	if f.tta < 0 || f.tta > models.MaxViewShift {
		return fmt.Errorf("--tta must be from 0 to %d pixels, not %d", models.MaxViewShift, f.tta)
	}
	together := runs.Ensemble{Shift: f.tta, Sure: models.DefaultSure}
	for _, path := range paths {
		w, err := runs.OpenWeights(path)
		if err != nil {
			return err
		}
		together.Members = append(together.Members, w)
	}
	if err := together.Validate(); err != nil {
		return err
	}
	w := together.Members[0]
	source, err := openData(cmd.Context(), cmp.Or(f.data, w.Data), "", w.Pictures())
	if err != nil {
		return err
	}
	dev, err := f.backend.Open()
	if err != nil {
		return err
	}
	defer dev.Close() //nolint:errcheck // the evaluation has reported device errors
	e := evaluation{
		Weights: w.Path, Data: source.Name, DataSource: source.Source, TestImages: source.Test.Len(),
		Model: w.Spec.Model, Parameters: w.Spec.ParamCount(), Backend: dev.Kind, Device: dev.Hardware,
	}
	for _, c := range w.ClassNames() {
		e.Classes = append(e.Classes, c.String())
	}
	if err := f.evaluate(cmd.Context(), &e, together, dev, source); err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	if f.json {
		out = cmd.ErrOrStderr() // standard output is for the JSON
	}
	if dev.Note != "" {
		terminal.Say(out, "%s", dev.Note)
	}
	if err := w.SameClasses(source); err != nil {
		source.Notes = append(source.Notes, "warning: "+err.Error())
	}
	if e.TestImages > 0 {
		e.Report = newClassReport(e.Confusion, w.ClassNames())
	}
	e.print(out, source.Notes, w.ClassNames())
	if f.json {
		return json.NewEncoder(cmd.OutOrStdout()).Encode(e)
	}
	return nil
}

// evaluate fills in the results: for one network and one view as training evaluates it,
// and otherwise for every member and for all together.
func (f *evalFlags) evaluate(ctx context.Context, e *evaluation, together runs.Ensemble, dev glyph.Backend, source kmnist.Data) error {
	alone := len(together.Members) == 1 && together.Shift == 0
	for _, w := range together.Members {
		result, err := w.Evaluate(ctx, dev, source, f.batch)
		if err != nil {
			return err
		}
		if alone {
			e.result(result)
			return nil
		}
		e.Members = append(e.Members, member{w.Path, w.Spec.Model, result.Loss, result.Accuracy})
	}
	result, err := together.Evaluate(ctx, dev, source, f.batch)
	if err != nil {
		return err
	}
	e.result(result)
	e.Parameters = 0
	for _, w := range together.Members {
		e.Parameters += w.Spec.ParamCount()
	}
	if together.Shift > 0 {
		e.Views = 9
	}
	return nil
}

// result takes over an evaluation.
func (e *evaluation) result(r train.Evaluation) {
	e.TestLoss, e.TestAccuracy, e.Confusion = r.Loss, r.Accuracy, r.Confusion
	e.TestBalancedAccuracy = train.BalancedAccuracy(r.Confusion)
	hits := 0
	for c, row := range r.Confusion {
		hits += row[c]
	}
	if e.TestImages > 0 {
		s := train.Wilson(hits, e.TestImages)
		e.TestAccuracyInterval = [2]float64{s.Low, s.High}
	}
}

// print prints the result as text.
func (e evaluation) print(out io.Writer, notes []string, classes []kmnist.Class) {
	terminal.Say(out, "data     %s: %s", e.DataSource, message.Count(e.TestImages, "test image"))
	printNotes(out, notes)
	if len(e.Members) == 0 {
		terminal.Say(out, "model    %s, %s", e.Model, message.Count(e.Parameters, "parameter"))
	}
	for _, m := range e.Members {
		terminal.Say(out, "alone    loss %.4f, accuracy %.2f %%: %s, %s", m.TestLoss, 100*m.TestAccuracy, m.Model, message.Quote(m.Weights))
	}
	if len(e.Members) > 0 {
		views := "one view of each image"
		if e.Views > 0 {
			views = fmt.Sprintf("up to %d views of each image", e.Views)
		}
		terminal.Say(out, "together %s, %s, %s", message.Count(len(e.Members), "network"), message.Count(e.Parameters, "parameter"), views)
	}
	terminal.Say(out, "test     loss %.4f, accuracy %.2f %% (%.2f-%.2f)%s\n", e.TestLoss, 100*e.TestAccuracy, 100*e.TestAccuracyInterval[0], 100*e.TestAccuracyInterval[1], balanced(e.Confusion))
	terminal.Classes(out, train.ClassScores(e.Confusion), classes)
	fmt.Fprintln(out)
	terminal.Confusion(out, e.Confusion, classes)
}

// balanced is the text about the balanced accuracy that follows the accuracy, for a test
// set whose classes differ in size; "" for others, where the two are about the same.
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
		terminal.Say(out, "%s", note)
	}
}
