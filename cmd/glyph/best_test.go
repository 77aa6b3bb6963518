package main

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"glyph/runs"
)

// The epoch whose weights are kept is one: best_epoch, best.safetensors, the
// validation and test figures of the summary, of glyph runs and of glyph eval are
// all of it, with early stopping and without.
func TestEveryFigureIsOfTheBestEpoch(t *testing.T) {
	data, root := tinyData(t), t.TempDir()
	for name, more := range map[string][]string{
		"all epochs":     {"--lr", "0.1", "--epochs", "30", "--seed", "5"},
		"early stopping": {"--lr", "0.2", "--epochs", "60", "--seed", "5", "--patience", "2"},
	} {
		dir := filepath.Join(root, name)
		out, errOut, status := runGlyph(t, append([]string{"train", "--data", data, "--model", "mlp", "--hidden", "2", "--batch", "8", "--holdout", "8", "--backend", "cpu", "--report=false", "--out", dir}, more...)...)
		if status != 0 {
			t.Fatal(errOut)
		}
		r, err := runs.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		s, err := r.Summary()
		if err != nil {
			t.Fatal(err)
		}
		best := 0
		for i, e := range s.History {
			if *e.ValidationLoss < *s.History[best].ValidationLoss {
				best = i
			}
		}
		want := s.History[best]
		if said := fmt.Sprintf("kept     the weights of epoch %d of %d,", best+1, len(s.History)); !strings.Contains(out, said) {
			t.Errorf("%s: no %q in\n%s", name, said, out)
		}
		if s.BestEpoch != best+1 || s.BestEpoch == s.Epochs || *s.ValidationLoss != *want.ValidationLoss || *s.ValidationAccuracy != *want.ValidationAccuracy || s.Weights != runs.BestFile {
			t.Errorf("%s: the summary says epoch %d of %d, %v, %v, of %s; the best is epoch %d, %v", name, s.BestEpoch, s.Epochs, *s.ValidationLoss, *s.ValidationAccuracy, s.Weights, best+1, *want.ValidationLoss)
		}
		if r.BestEpoch != s.BestEpoch || *r.ValidationLoss != *want.ValidationLoss || *r.ValidationAccuracy != *want.ValidationAccuracy || *r.TestAccuracy != s.TestAccuracy {
			t.Errorf("%s: the list says %+v", name, r)
		}
		for _, weights := range []string{dir, filepath.Join(dir, runs.BestFile)} {
			out, errOut, status := runGlyph(t, "eval", weights, "--json", "--backend", "cpu")
			if status != 0 {
				t.Fatal(errOut)
			}
			var e evaluation
			lastJSON(t, out, &e)
			if e.TestAccuracy != s.TestAccuracy || math.Abs(e.TestLoss-s.TestLoss) > 1e-6 {
				t.Errorf("%s: %s has loss %v and accuracy %v on the test set, and the summary %v and %v", name, weights, e.TestLoss, e.TestAccuracy, s.TestLoss, s.TestAccuracy)
			}
		}
		// While it ran, the figures were those of the best epoch so far.
		if err := removeFile(dir, runs.SummaryFile); err != nil {
			t.Fatal(err)
		}
		if r, err := runs.Open(dir); err != nil || r.BestEpoch != best+1 || *r.ValidationLoss != *want.ValidationLoss {
			t.Errorf("%s: without a summary: %+v, %v", name, r, err)
		}
	}
}

// A validation loss of exactly 0 is a validation loss.
func TestZeroValidationLoss(t *testing.T) {
	zero := 0.0
	text, err := json.Marshal(runs.Epoch{Epoch: 1, ValidationLoss: &zero, ValidationAccuracy: &zero})
	var back runs.Epoch
	if err != nil || json.Unmarshal(text, &back) != nil || back.ValidationLoss == nil || back.ValidationAccuracy == nil {
		t.Errorf("%s, %v", text, err)
	}
}
