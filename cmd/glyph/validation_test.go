package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"glyph/runs"
	"glyph/train"
)

// A tenth of the images is held out where nothing else is asked for, and what is printed
// and kept says so. The recipes, small data and configs of older versions hold none out.
func TestValidationByDefault(t *testing.T) {
	data, root := stripes(t, "", 200, 4, 4, 0, inTurn), t.TempDir()
	old, own := filepath.Join(root, "old.toml"), filepath.Join(root, "own.toml")
	write(t, old, []byte("# Repeat this training with: glyph train --config THIS_FILE\nlr = 0.02\n"))
	write(t, own, []byte("lr = 0.02\n"))
	few, none := "fewer than one for each of 4 classes; --validation N holds N out", "the accuracy of an epoch is that of images it trained on"
	for name, c := range map[string]struct {
		more []string
		held int
		says string
	}{
		"by default":    {nil, 20, "180 training images, 20 held out for validation, 100 test images"},
		"of limit":      {[]string{"--limit", "45"}, 5, "40 training images, 5 held out"}, // 4.5 are rounded
		"few":           {[]string{"--limit", "30"}, 0, few},
		"one":           {[]string{"--limit", "1"}, 0, few},
		"few, asked":    {[]string{"--limit", "30", "--validation", "0.1"}, 3, "27 training images, 3 held out"},
		"few, patience": {[]string{"--limit", "30", "--patience", "2"}, 3, "27 training images, 3 held out"},
		"none":          {[]string{"--validation", "0"}, 0, none},
		"recipe":        {[]string{"--recipe", "fast"}, 0, none},
		"recipe, asked": {[]string{"--recipe", "fast", "--validation", "8"}, 8, "8 held out"},
		"older config":  {[]string{"--config", old}, 0, none},
		"own config":    {[]string{"--config", own}, 20, "20 held out"},
	} {
		dir, again := filepath.Join(root, name), filepath.Join(root, name+", again")
		out, errOut, status := runGlyph(t, append([]string{"train", "--data", data, "--model", "linear", "--epochs", "2", "--report=false", "--backend", "cpu", "--out", dir}, c.more...)...)
		s, err := runs.ReadSummary(dir)
		if status != 0 || err != nil || s.ValidationImages != c.held || !strings.Contains(out, c.says) || strings.Contains(out, "val loss") != (c.held > 0) || !strings.Contains(out, "train loss") {
			t.Errorf("%s: status %d, %v, %+v:\n%s%s", name, status, err, s, out, errOut)
			continue
		}
		if r, err := runs.Open(dir); err != nil || (r.Config["validation"] == 0.0) != (c.held == 0) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		if c.held > 0 && len(c.more) > 2 || name == "one" { // enough of them
			continue
		}
		if _, errOut, status := runGlyph(t, "train", "--config", filepath.Join(dir, runs.ConfigFile), "--report=false", "--out", again); status != 0 || !bytes.Equal(read(t, filepath.Join(dir, runs.BestFile)), read(t, filepath.Join(again, runs.BestFile))) {
			t.Errorf("%s: its config does not repeat it: %s", name, errOut)
		}
	}
	if _, errOut, status := runGlyph(t, "train", "--data", data, "--model", "linear", "--limit", "1", "--validation", "0.1", "--out", "none"); status != 1 || !strings.Contains(errOut, "--validation") {
		t.Errorf("a tenth of one image: status %d, %s", status, errOut)
	}
}

// Comparing two backends and searching for a learning rate evaluate nothing, and so hold
// nothing out, as before there was a default.
func TestNothingHeldOutInVain(t *testing.T) {
	data := stripes(t, "", 200, 4, 4, 0, inTurn)
	if _, errOut, _ := runGlyph(t, "compare", "--data", data, "--model", "linear", "--backend", "cpu", "--batch", "101"); !strings.Contains(errOut, "a batch of 202 from 200 training images") {
		t.Error(errOut)
	}
	if flag := newRange().Flags().Lookup("validation"); flag.Value.String() != "0" || flag.DefValue != "0" {
		t.Errorf("a range test holds %v out", flag.Value)
	}
}

// An older run says nothing of validation: it is resumed without, and differs from one
// without in nothing.
func TestOlderRunsHaveNoValidation(t *testing.T) {
	data := tinyData(t)
	dir := filepath.Join(t.TempDir(), "run")
	interruptedRun(t, data, dir, "--validation", "0")
	want := read(t, filepath.Join(dir, runs.LastFile))
	config := filepath.Join(dir, runs.ConfigFile)
	text := bytes.Replace(read(t, config), []byte("validation = 0.0\n"), nil, 1)
	write(t, config, text[bytes.IndexByte(text, '\n')+1:]) // without the first line too, which says whose it is
	if r, err := runs.Open(dir); err != nil || r.Config["validation"] != 0.0 {
		t.Fatalf("%+v, %v", r, err)
	}
	out, errOut, status := runGlyph(t, "train", "--resume", dir, "--report=false")
	if status != 0 || strings.Contains(out, "val loss") || !bytes.Equal(read(t, filepath.Join(dir, runs.LastFile)), want) {
		t.Errorf("status %d: %s%s", status, out, errOut)
	}
}

// A finished run is trained on from the command line, and what can't be says what to do.
func TestMoreEpochs(t *testing.T) {
	data, root := stripes(t, "", 200, 4, 4, 0, inTurn), t.TempDir()
	run := func(out, schedule, epochs string) {
		if _, errOut, status := runGlyph(t, "train", "--data", data, "--model", "linear", "--optimizer", "momentum", "--schedule", schedule, "--epochs", epochs, "--report=false", "--backend", "cpu", "--out", out); status != 0 {
			t.Fatal(errOut)
		}
	}
	dir, whole, cycle := filepath.Join(root, "run"), filepath.Join(root, "whole"), filepath.Join(root, "cycle")
	run(dir, "constant", "2")
	run(whole, "constant", "5")
	run(cycle, "one-cycle", "2")
	if _, errOut, status := runGlyph(t, "train", "--resume", dir, "--report=false"); status != 1 || !strings.Contains(errOut, "that run is finished; to continue it, up to N epochs in all: glyph train --resume "+dir+" --epochs N") {
		t.Errorf("status %d: %s", status, errOut)
	}
	out, errOut, status := runGlyph(t, "train", "--resume", dir, "--epochs", "5", "--report=false")
	if status != 0 || !strings.Contains(out, "after epoch 2 of 5") || strings.Contains(out, "note ") || !bytes.Equal(read(t, filepath.Join(dir, runs.BestFile)), read(t, filepath.Join(whole, runs.BestFile))) {
		t.Errorf("status %d, or other weights: %s%s", status, out, errOut)
	}
	if out, _, status := runGlyph(t, "train", "--resume", cycle, "--epochs", "4", "--report=false"); status != 0 || !strings.Contains(out, "note     the learning rates to come are those of the schedule one-cycle over 4 epochs; so far they were those of a schedule over 2\n") {
		t.Errorf("status %d: %s", status, out)
	}
	for says, args := range map[string][]string{
		"that run has 5 epochs already; --epochs is how many there are in all": {"--epochs", "5"},
		"--epochs must be at least 1, not 0":                                   {"--epochs", "0"},
		"--resume uses the run's own settings: leave out --lr":                 {"--epochs", "6", "--lr", "0.1"},
	} {
		if _, errOut, status := runGlyph(t, append([]string{"train", "--resume", dir}, args...)...); status != 1 || !strings.Contains(errOut, says) {
			t.Errorf("%v: status %d: %s", args, status, errOut)
		}
	}
}

// What eval says of the classes is the same as text and as JSON, and follows from the
// confusion matrix beside it.
func TestEvalReportsClasses(t *testing.T) {
	_, dir := trainedRun(t)
	out, errOut, status := runGlyph(t, "eval", dir, "--backend", "cpu", "--json")
	if status != 0 {
		t.Fatal(errOut)
	}
	var e evaluation
	lastJSON(t, out, &e)
	hits, images := 0, 0
	for c, row := range e.Report.Classes {
		hits, images = hits+e.Confusion[c][c], images+row.Images
		share := train.Wilson(e.Confusion[c][c], row.Images)
		if *row.Recall != (interval{share.Value, share.Low, share.High}) || row.Class != e.Classes[c] {
			t.Errorf("class %d: %+v", c, row)
		}
		if line := fmt.Sprintf("%7d  ", row.Images); !strings.Contains(errOut, row.Class) || !strings.Contains(errOut, line) {
			t.Errorf("no line of class %d in\n%s", c, errOut)
		}
	}
	all := train.Wilson(hits, images)
	if images != e.TestImages || e.TestAccuracy != all.Value || e.TestAccuracyInterval != [2]float64{all.Low, all.High} || e.Report.Mean.Recall != e.TestBalancedAccuracy {
		t.Errorf("%d images, %+v", images, e)
	}
	for _, want := range []string{"precision ", "weighted mean ", fmt.Sprintf("accuracy %.2f %% (%.2f-%.2f)", 100*e.TestAccuracy, 100*all.Low, 100*all.High), "label  predicted"} {
		if !strings.Contains(errOut, want) {
			t.Errorf("no %q in\n%s", want, errOut)
		}
	}
}
