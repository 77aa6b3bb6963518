package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"glyph/runs"
)

// --resume continues the training that began, and not another of which the run's
// config.toml speaks since, by a hand or by a flipped bit.
func TestResumeRefusesChangedSettings(t *testing.T) {
	_, dir := trainedRun(t)
	want := read(t, filepath.Join(dir, runs.LastFile))
	config := filepath.Join(dir, runs.ConfigFile)
	for _, file := range []string{runs.SummaryFile, "checkpoint"} { // as if killed before its last checkpoint
		if err := removeFile(dir, file); err != nil {
			t.Fatal(err)
		}
	}
	began := read(t, config)
	changed := bytes.Replace(began, []byte("\nlr = "), []byte("\nlr = 1"), 1)
	if bytes.Equal(began, changed) {
		t.Fatalf("no learning rate in %s", began)
	}
	write(t, config, changed)
	if _, errOut, status := runGlyph(t, "train", "--resume", dir, "--report=false"); status != 1 || !strings.Contains(errOut, "changed after the training began: lr from ") {
		t.Errorf("status %d: %s", status, errOut)
	}
	write(t, config, began)
	if _, errOut, status := runGlyph(t, "train", "--resume", dir, "--report=false"); status != 0 {
		t.Error(errOut)
	}
	if !bytes.Equal(read(t, filepath.Join(dir, runs.LastFile)), want) {
		t.Error("the run ends with other weights")
	}
}

// A run whose records were damaged, and whose checkpoint is good, ends with the
// same weights.
func TestResumeWithDamagedRecords(t *testing.T) {
	_, dir := trainedRun(t)
	want := read(t, filepath.Join(dir, runs.LastFile))
	resume := func() (string, string, int) { return runGlyph(t, "train", "--resume", dir, "--report=false") }
	write(t, filepath.Join(dir, runs.SummaryFile), []byte("{"))
	if _, errOut, status := resume(); status != 1 || !strings.Contains(errOut, "summary.json") || !strings.Contains(errOut, "remove it") {
		t.Errorf("status %d: %s", status, errOut)
	}
	for _, file := range []string{runs.SummaryFile, "checkpoint"} {
		if err := removeFile(dir, file); err != nil {
			t.Fatal(err)
		}
	}
	metrics := filepath.Join(dir, "metrics.jsonl")
	text := read(t, metrics)
	write(t, metrics, text[:len(text)/2])
	if out, errOut, status := resume(); status != 0 || !strings.Contains(out, "the curves lack what is gone") {
		t.Errorf("status %d: %s%s", status, out, errOut)
	}
	if !bytes.Equal(read(t, filepath.Join(dir, runs.LastFile)), want) {
		t.Error("the run ends with other weights")
	}
	if r, err := runs.Open(dir); err != nil || r.State != runs.Finished || r.TestAccuracy == nil {
		t.Errorf("%+v, %v", r, err)
	}
}
