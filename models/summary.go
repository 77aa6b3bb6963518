package models

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"glyph/internal/message"

	"glyph"
)

// Summary is a table of the layers that spec describes: what comes out of each,
// its parameters, and the floating-point operations of training on one image.
// It fails if the spec is invalid.
func Summary(spec Spec) (string, error) {
	stages, err := spec.Plan()
	if err != nil {
		return "", err
	}
	return Table(stages), nil
}

// Table writes stages as a table with totals, and the memory of a training step below it.
func Table(stages []Stage) string { return Lines(stages) + "\n" + Memory(stages) + "\n" }

// Lines writes the rows of a table of stages, with its numbers to the right.
func Lines(stages []Stage) string {
	rows := Rows(stages)
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 3, ' ', 0)
	for _, r := range rows {
		// Text to the left and numbers to the right, which tabwriter can't mix.
		fmt.Fprintf(w, "%s\t%s\t%s\t%*s\t%*s\n", r[0], r[1], r[2], widest(rows, 3), r[3], widest(rows, 4), r[4])
	}
	w.Flush() //nolint:errcheck // a Builder takes everything
	return text.String()
}

// Rows are the cells of a table of stages: a heading, a row for each stage, and the totals.
// A layer that takes another output than that of the one before it says which.
func Rows(stages []Stage) [][]string {
	rows := [][]string{{"layer", "settings", "output", "parameters", "training FLOPs an image"}}
	params, flops := 0, 0
	for i, s := range stages {
		settings := strings.TrimPrefix(s.Layer.String(), s.Layer.Kind()) + takes(stages, i)
		n := s.ParamCount()
		rows = append(rows, []string{s.Name, strings.TrimSpace(settings), by(s.Out), message.Thousands(n), message.Thousands(s.TrainingFLOPs)})
		params += n
		flops += s.TrainingFLOPs
	}
	return append(rows, []string{"total", "", "", message.Thousands(params), message.Thousands(flops)})
}

// Memory says how much memory a training step takes for an image.
func Memory(stages []Stage) string {
	shared, apart := StepMemory(stages)
	return fmt.Sprintf("memory of a training step: %s kB an image for outputs and gradients; %s kB if none shared it",
		message.Thousands((shared+999)/1000), message.Thousands((apart+999)/1000))
}

// takes is what stage i reads, where that is not just the output of the one before.
func takes(stages []Stage, i int) string {
	in := stages[i].Inputs
	if len(in) == 1 && in[0] == Value(i) {
		return ""
	}
	var names []string
	for _, v := range in {
		if v == Input {
			names = append(names, "the input")
		} else {
			names = append(names, stages[v-1].Name)
		}
	}
	return " of " + strings.Join(names, " and ")
}

func widest(rows [][]string, column int) int {
	n := 0
	for _, r := range rows {
		n = max(n, len(r[column]))
	}
	return n
}

// by writes a shape as 28×28×32.
func by(s glyph.Shape) string {
	var parts []string
	for _, d := range s[:s.Rank()] {
		parts = append(parts, strconv.Itoa(d))
	}
	return strings.Join(parts, "×")
}
