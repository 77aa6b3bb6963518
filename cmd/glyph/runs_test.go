package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glyph/runs"
)

// A training whose numbers break says so wherever its run is looked at, is not
// gone on with, and leaves its directory to another unless it has a checkpoint.
func TestFailedRun(t *testing.T) {
	data, dir := tinyData(t), filepath.Join(t.TempDir(), "run")
	expect := func(status int, says string, args ...string) {
		t.Helper()
		out, errOut, got := runGlyph(t, args...)
		if got != status || !strings.Contains(out+errOut, says) || strings.Count(errOut, "\n") > 1 {
			t.Errorf("glyph %v: status %d, want %d and %q:\n%s%s", args, got, status, says, out, errOut)
		}
	}
	failing := tinyTrain(data, dir, "--lr", "1e30", "--batch", "4")
	expect(1, "try a lower learning rate", failing...)
	expect(0, "failed after 0 of 20 epochs: epoch 1, step ", "watch", dir)
	expect(0, "run ", "runs", filepath.Dir(dir), "--filter", "state=failed")
	expect(1, "failed and would fail again (epoch 1, step ", "train", "--resume", dir)
	expect(0, "saved", tinyTrain(data, dir, "--epochs", "1")...)
	expect(0, "finished: test accuracy", "watch", dir)

	// One that broke after a checkpoint.
	if err := os.Remove(filepath.Join(dir, runs.SummaryFile)); err != nil {
		t.Fatal(err)
	}
	expect(0, "resume with: glyph train --resume", "watch", dir)
	if err := os.WriteFile(filepath.Join(dir, runs.FailureFile), []byte("why\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	expect(0, "failed after 1 of 1 epoch: why", "watch", dir)
	expect(1, "already holds a run", failing...)
	expect(1, "would fail again (why)", "train", "--resume", dir)
}

// A run that was killed before its first checkpoint has nothing to go on from.
func TestCrashedAtOnce(t *testing.T) {
	data, dir := tinyData(t), filepath.Join(t.TempDir(), "run")
	if _, errOut, status := runGlyph(t, tinyTrain(data, dir, "--epochs", "1")...); status != 0 {
		t.Fatal(errOut)
	}
	left, err := filepath.Glob(filepath.Join(dir, "checkpoint*"))
	if err != nil || len(left) == 0 {
		t.Fatal(left, err)
	}
	for _, path := range append(left, filepath.Join(dir, runs.SummaryFile)) {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	out, _, _ := runGlyph(t, "watch", dir)
	if want := "start again with: glyph train --config " + filepath.Join(dir, runs.ConfigFile); !strings.Contains(out, want) {
		t.Errorf("%q, want %q", out, want)
	}
}

// A line of metrics may lack any field: the run is listed, watched and compared.
func TestMetricsLackFields(t *testing.T) {
	dir := oldRun(t, "crashed", tinyData(t))
	write(t, filepath.Join(dir, "metrics.jsonl"), []byte(`{"step":1,"epoch":1,"loss":1,"accuracy":0.5,"lr":0.1,"holdout_loss":1}
{"step":2,"epoch":2,"validation_accuracy":0.25}
{"epoch":3}
{}
`))
	for _, args := range [][]string{{"watch", dir}, {"runs", filepath.Dir(dir)}, {"runs", "diff", dir, dir}, {"runs", filepath.Dir(dir), "--json"}} {
		out, errOut, status := runGlyph(t, args...)
		if status != 0 || errOut != "" {
			t.Errorf("%v: status %d: %s", args, status, errOut)
		}
		if args[0] != "watch" {
			continue
		}
		for _, line := range []string{"epoch  1  train loss 1.0000  accuracy 50.00 %  val loss 1.0000  0 images/s\n", "epoch  2  train loss 0.0000  accuracy  0.00 %  accuracy 25.00 %"} {
			if !strings.Contains(out, line) {
				t.Errorf("no %q in\n%s", line, out)
			}
		}
	}
}
