package main

import (
	"strings"
	"testing"

	"glyph/cmd/glyph/internal/terminal"
	"glyph/models"
)

// The table of a network fits the terminal, without a digit lost; a pipe gets all of it.
func TestSummaryFits(t *testing.T) {
	stages, err := models.Spec{Model: "resnet"}.Plan()
	if err != nil {
		t.Fatal(err)
	}
	if got := summaryText(stages, 0); got != models.Table(stages) || got != summaryText(stages, 200) {
		t.Errorf("without a terminal, and on a wide one:\n%s", got)
	}
	for width, want := range map[int]string{40: "conv2d_1      3×3, 16, st…  28×28×16\n", 60: "total                                 271,994\n", 100: "  10,838,016\n"} {
		got := summaryText(stages, width)
		if !strings.Contains(got, want) {
			t.Errorf("%d columns: no %q in\n%s", width, want, got)
		}
		for line := range strings.Lines(got) {
			if n := terminal.Columns(strings.TrimSuffix(line, "\n")); n > width {
				t.Errorf("%d columns: %q takes %d", width, line, n)
			}
		}
	}
}
