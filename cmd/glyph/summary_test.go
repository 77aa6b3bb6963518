package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glyph/cmd/glyph/internal/terminal"
	"glyph/models"
	"glyph/runs"
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
	for width, want := range map[int]string{40: "\nbatchnorm2d_19  ", 60: " 271,994\n", 100: "  10,838,016\n"} {
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

// A run's network is summarised from its weights or from its config, whatever else that
// sets, and no flag has a say in it.
func TestSummaryOfARun(t *testing.T) {
	_, run := trainedRun(t)
	of, _, status := runGlyph(t, "summary", run)
	config, errOut, configStatus := runGlyph(t, "summary", "--config", filepath.Join(run, runs.ConfigFile))
	if status != 0 || configStatus != 0 || of != config || !strings.Contains(of, "dense_1") {
		t.Errorf("status %d and %d, %s:\n%s\n%s", status, configStatus, errOut, of, config)
	}
	for want, args := range map[string][]string{
		"leave out RUN, or all flags":                  {run, "--model", "mlp"},
		"there is no run or file nowhre; did you mean": {"nowhre"},
		"cnn; did you mean --model cnn?":               {"cnn"},
	} {
		home := t.TempDir()
		t.Chdir(home)
		if err := os.MkdirAll(filepath.Join("runs", "nowhere"), 0o777); err != nil {
			t.Fatal(err)
		}
		if _, errOut, status := runGlyph(t, append([]string{"summary"}, args...)...); status != 1 || !strings.Contains(errOut, want) {
			t.Errorf("%v: status %d: %s", args, status, errOut)
		}
	}
}
