package main

import (
	"os"
	"path/filepath"
	"testing"

	"glyph/runs"
)

// Figures go into the run, or beside a weights file, and never into the directory
// where the command is given.
func TestPlotsGoIntoTheRun(t *testing.T) {
	data, root := tinyData(t), t.TempDir()
	run, here := filepath.Join(root, "run"), filepath.Join(root, "here")
	if _, errOut, status := runGlyph(t, tinyTrain(data, run, "--epochs", "1")...); status != 0 {
		t.Fatal(errOut)
	}
	os.Mkdir(here, 0o777)
	t.Chdir(here)
	weights := filepath.Join(root, "w.safetensors")
	write(t, weights, read(t, filepath.Join(run, runs.LastFile)))
	for of, want := range map[string]string{run: filepath.Join(run, "plots"), weights: filepath.Join(root, "w-plots")} {
		if out, errOut, status := runGlyph(t, "plot", of, "--backend", "cpu"); status != 0 {
			t.Fatal(out, errOut)
		}
		if files, err := filepath.Glob(filepath.Join(want, "*.png")); err != nil || len(files) < 4 {
			t.Errorf("figures of %s: %v, %v", of, files, err)
		}
	}
	if left, err := os.ReadDir(here); err != nil || len(left) > 0 {
		t.Errorf("left in the working directory: %v, %v", left, err)
	}
}
