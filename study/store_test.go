package study

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What does not belong into a directory is refused in a line that names it, and
// nothing there changes.
func TestStoreRefuses(t *testing.T) {
	p := tinyPlan(t, 1)
	for _, c := range []struct {
		name string
		do   func(dir string, p *Plan)
		want []string
	}{
		{"other data", func(_ string, p *Plan) { p.Data.Hash, p.Data.Source = "beef", "mine" }, []string{"other data", "bars", "mine"}},
		{"quick", func(_ string, p *Plan) { p.Quick = true }, []string{"full study", "quick one"}},
		{"newer", func(dir string, _ *Plan) { edit(t, dir, manifestFile, `"format": 1`, `"format": 3`) }, []string{"newer glyph", "format 3", manifestFile}},
		{"no manifest", func(dir string, _ *Plan) { edit(t, dir, manifestFile, `{`, `[`) }, []string{"not a description of a study"}},
		{"a page for a manifest", func(dir string, _ *Plan) { edit(t, dir, manifestFile, `{`, `<!doctype html><html>{`) }, []string{"it looks like an HTML page"}},
		{"another format", func(dir string, _ *Plan) { edit(t, dir, manifestFile, `"format": 1`, `"format": 0`) }, []string{"not a description of a study"}},
		{"a line of text", func(dir string, _ *Plan) { edit(t, dir, resultsFile, `{"result"`, `"result"`) }, []string{resultsFile, "line 3"}},
		{"changed settings", func(dir string, _ *Plan) { edit(t, dir, resultsFile, `"batch":8`, `"batch":9`) }, []string{"line", "id is"}},
		{"nothing in a line", func(dir string, _ *Plan) { edit(t, dir, resultsFile, `{"session"`, `{"sessions"`) }, []string{"line 1", "neither"}},
	} {
		dir := t.TempDir()
		runIn(t, dir, p, Shard{})
		other := *p
		c.do(dir, &other)
		before, _ := os.ReadFile(filepath.Join(dir, resultsFile))
		store, err := OpenStore(dir, &other)
		if err == nil {
			store.Close()
			t.Errorf("%s: accepted", c.name)
			continue
		}
		for _, part := range append(c.want, dir) {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: no %q in %q", c.name, part, err)
			}
		}
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: not one line: %q", c.name, err)
		}
		if after, _ := os.ReadFile(filepath.Join(dir, resultsFile)); string(after) != string(before) {
			t.Errorf("%s: the results changed", c.name)
		}
	}
}

func edit(t *testing.T, dir, file, old, new string) {
	t.Helper()
	path := filepath.Join(dir, file)
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), old) {
		t.Fatalf("%s: %v, or no %s", path, err, old)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, new, 1)), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestStoreLocks(t *testing.T) {
	p, dir := tinyPlan(t, 1), t.TempDir()
	first, err := OpenStore(dir, p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenStore(dir, p); err == nil || !strings.Contains(err.Error(), "another glyph") {
		t.Errorf("opened twice: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := OpenStore(dir, p)
	if err != nil {
		t.Fatalf("after closing: %v", err)
	}
	again.Close()
}

// Other experiments and more seeds are added to what a directory is about.
func TestStoreGrows(t *testing.T) {
	dir := t.TempDir()
	for _, scope := range []struct {
		name  string
		seeds int
	}{{"rate", 1}, {"width", 2}, {"rate", 1}} {
		list, err := Select(tiny(), []string{scope.name})
		if err != nil {
			t.Fatal(err)
		}
		p, err := NewPlan(list, tinyData(), Scope{Seeds: scope.seeds})
		if err != nil {
			t.Fatal(err)
		}
		runIn(t, dir, p, Shard{})
	}
	c, err := ReadContents(dir)
	if err != nil || c.Seeds != 2 || strings.Join(c.Experiments, " ") != "rate width" {
		t.Errorf("%v: %+v", err, c.Manifest)
	}
	a, err := Analyse(c, tiny())
	if err != nil || a.Missing != 1 { // seed 2 of the rate that diverges
		t.Errorf("%v: %d missing", err, a.Missing)
	}
}

func TestMergeRefuses(t *testing.T) {
	p := tinyPlan(t, 1)
	one, two := t.TempDir(), t.TempDir()
	runIn(t, one, p, Shard{0, 2})
	other := *p
	other.Data.Hash = "beef"
	runIn(t, two, &other, Shard{1, 2})
	if _, err := Merge([]string{one, two}, filepath.Join(t.TempDir(), "x")); err == nil || !strings.Contains(err.Error(), "other data") {
		t.Errorf("other data: %v", err)
	}
	if _, err := Merge([]string{one, t.TempDir()}, filepath.Join(t.TempDir(), "x")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no results: %v", err)
	}
	if _, err := Merge([]string{one}, two); err == nil || !strings.Contains(err.Error(), "other data") {
		t.Errorf("into other results: %v", err)
	}
}

// A trial's name is for ever: results that are kept would be lost with it.
func TestIdentity(t *testing.T) {
	trial := Trial{Data: "d", Settings: mlp().complete(), Rate: 0.01, Seed: 1}
	trial.Images = 7011
	const want = "a886ef2438b6b6df"
	if got := trial.ID(); got != want {
		text, _ := json.Marshal(trial)
		t.Errorf("%s is %s, want %s", text, got, want)
	}
	for name, change := range map[string]func(*Trial){
		"data": func(t *Trial) { t.Data = "e" }, "rate": func(t *Trial) { t.Rate = 0.02 }, "seed": func(t *Trial) { t.Seed = 2 },
		"holdout": func(t *Trial) { t.Validation = true }, "hidden": func(t *Trial) { t.Hidden = []int{255} }, "epochs": func(t *Trial) { t.Epochs++ },
		"images": func(t *Trial) { t.Images-- }, "batch": func(t *Trial) { t.Batch = 32 }, "l2": func(t *Trial) { t.L2 = 0.1 },
		"augment": func(t *Trial) { t.Augment.Shift = 1 }, "norms": func(t *Trial) { t.Norms = true }, "elastic": func(t *Trial) { t.Augment.Elastic = 1 }, "stroke": func(t *Trial) { t.Augment.Stroke = 1 }, "cutout": func(t *Trial) { t.Augment.Cutout = 8 }, "ema": func(t *Trial) { t.Average = 0.9 }, "smoothing": func(t *Trial) { t.LabelSmoothing = 0.1 },
		"optimizer": func(t *Trial) { t.Optimizer = "adam" }, "schedule": func(t *Trial) { t.Schedule = "cosine" }, "init": func(t *Trial) { t.Init = "he-normal" },
	} {
		other := trial
		change(&other)
		if other.ID() == want {
			t.Errorf("another %s has the same name", name)
		}
	}
}
