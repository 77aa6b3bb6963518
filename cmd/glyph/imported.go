package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"glyph/exchange/pytorch"
	"glyph/exchange/safetensors"
	"glyph/internal/message"
	"glyph/models"
)

// report says what was imported: every layer with its source, so that a mismatch
// is visible, and everything that differs between the run and the file.
func (f *importFlags) report(cmd *cobra.Command, spec models.Spec, layers []pytorch.Assignment, converted map[string]string, how string) {
	out := cmd.OutOrStdout()
	stages, _ := spec.Plan() //nolint:errcheck // it was imported
	params := 0
	for _, s := range stages {
		params += s.ParamCount()
	}
	fmt.Fprintf(out, "model    %s, %s parameters\n", spec, message.Thousands(params))
	label := "layers"
	for line := range strings.Lines(pytorch.Table(layers)) {
		fmt.Fprintf(out, "%-8s %s", label, line)
		label = ""
	}
	label = "numbers"
	for _, kind := range slices.Compact(slices.Sorted(maps.Values(converted))) {
		fmt.Fprintf(out, "%-8s %s\n", label, conversion(converted, kind))
		label = ""
	}
	fmt.Fprintf(out, "pixels   %s\n", how)
	fmt.Fprintf(out, "saved    %s; evaluate it with: %s\n", message.Quote(f.out), message.Shell("glyph", "eval", f.out))
}

// conversion says how many tensors of a type were converted.
func conversion(converted map[string]string, kind string) string {
	n := 0
	for _, k := range converted {
		if k == kind {
			n++
		}
	}
	name := safetensors.TypeName(kind)
	text := fmt.Sprintf("%s converted to float32 from %s", message.Count(n, "tensor"), name)
	switch {
	case strings.Contains(name, "int"):
		text += "; if the network was quantised, its scales are missing and the weights are useless"
	case kind == "F64":
		text += ", rounded to the nearest"
	}
	return text
}
