package study

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Parts that say different things of a trial are not merged: the error names the
// trials and the directories, and nothing is written. Other times are no matter.
func TestMergeContradiction(t *testing.T) {
	p := tinyPlan(t, 1)
	one, two := t.TempDir(), t.TempDir()
	runIn(t, one, p, Shard{})
	if err := os.CopyFS(two, os.DirFS(one)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(two, resultsFile)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write(regexp.MustCompile(`"seconds":[^,]+,`).ReplaceAllString(string(good), `"seconds":9,`))
	if c, err := Merge([]string{one, two}, filepath.Join(t.TempDir(), "x")); err != nil || len(c.Results) == 0 {
		t.Errorf("other times: %v", err)
	}
	for _, field := range []string{"accuracy", "loss", "train_accuracy", "train_loss"} {
		text := regexp.MustCompile(`"`+field+`":[^,]+,`).ReplaceAllString(string(good), `"`+field+`":0.123,`)
		write(text)
		to := filepath.Join(t.TempDir(), "x")
		_, err := Merge([]string{one, two}, to)
		if err == nil {
			t.Errorf("another %s is merged", field)
			continue
		}
		ids := regexp.MustCompile(`\b[0-9a-f]{16}\b`).FindAllString(regexp.MustCompile(`\d\.\d+`).ReplaceAllString(err.Error(), ""), -1)
		c, _ := ReadContents(one)
		for _, id := range ids {
			if _, there := c.Results[id]; !there {
				t.Errorf("it names %s, which is no trial", id)
			}
		}
		if len(ids) != 1+maxNamed || !strings.Contains(err.Error(), one) || !strings.Contains(err.Error(), two) || !strings.Contains(err.Error(), "more; leave one of the directories out") || strings.Contains(err.Error(), "\n") {
			t.Errorf("another %s: %v", field, err)
		}
		if _, err := os.Stat(to); err == nil {
			t.Error("something was written")
		}
		// Into a directory that says otherwise, neither.
		before, _ := os.ReadFile(filepath.Join(one, resultsFile))
		if _, err := Merge([]string{two}, one); err == nil || !strings.Contains(err.Error(), "contradict") {
			t.Errorf("into a directory of another %s: %v", field, err)
		}
		if after, _ := os.ReadFile(filepath.Join(one, resultsFile)); string(after) != string(before) {
			t.Error("the results changed")
		}
		// Nor in a file that contradicts itself.
		write(string(good) + text)
		if _, err := ReadContents(two); err == nil || !strings.Contains(err.Error(), "contradicts an earlier line") {
			t.Errorf("a file with another %s: %v", field, err)
		}
	}
}

// An experiment of one's own is kept with its results. Another text replaces it where
// it is run again, and is not merged.
func TestDefinitions(t *testing.T) {
	plan := func(text string) *Plan {
		e := tiny()[0]
		e.Text = text
		p, err := NewPlan([]Experiment{e}, tinyData(), Scope{Seeds: 1})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	one, two := t.TempDir(), t.TempDir()
	runIn(t, one, plan("first"), Shard{0, 2})
	runIn(t, two, plan("second"), Shard{1, 2})
	if _, err := Merge([]string{one, two}, t.TempDir()); err == nil || !strings.Contains(err.Error(), "has another description of the experiment width than "+two) {
		t.Errorf("merged: %v", err)
	}
	c, _ := runIn(t, one, plan("second"), Shard{0, 2})
	if len(c.Definitions) != 1 || c.Definitions[0] != (Definition{"width", "second"}) {
		t.Errorf("%+v", c.Definitions)
	}
	merged, err := Merge([]string{one, two}, t.TempDir())
	if err != nil || len(merged.Definitions) != 1 || merged.Definitions[0].Text != "second" {
		t.Errorf("%+v, %v", merged.Definitions, err)
	}
	if _, err := OpenStore(t.TempDir(), plan(strings.Repeat("x", maxManifest))); err == nil || !strings.Contains(err.Error(), "1,048,576 bytes") {
		t.Errorf("a text that does not read back: %v", err)
	}
}
