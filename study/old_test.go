package study

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// The results in docs/study, of an older version, open: every trial has the ID
// that it was kept under and is written as it was, and the experiments of today
// ask for no other.
func TestOldStore(t *testing.T) {
	dir := filepath.Join("..", "docs", "study")
	c, err := ReadContents(dir)
	if err != nil {
		t.Fatal(err)
	}
	a, err := Analyse(c, Experiments())
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Results) < 500 || a.Missing != 0 {
		t.Errorf("%d results; %d of %d trials are missing", len(c.Results), a.Missing, a.Trials)
	}
	text, err := os.ReadFile(filepath.Join(dir, resultsFile))
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		var r record
		var raw struct {
			Result struct {
				Trial json.RawMessage `json:"trial"`
			} `json:"result"`
		}
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		if r.Result == nil {
			continue
		}
		if err := json.Unmarshal(line, &raw); err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(r.Result.Trial); err != nil || !bytes.Equal(got, raw.Result.Trial) {
			t.Fatalf("written as %s, %v; it was %s", got, err, raw.Result.Trial)
		}
	}
}
