package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// mine is an experiment in a file.
const mine = `name = "layers"
question = "Does a second hidden layer help?"
rates = [0.01, 0.1]

[fixed]
model = "mlp"
batch = 16
epochs = 3

[[vary]]
setting = "hidden"
values = [8, [8, 4]]

[[claim]]
says = "one layer is above nothing"
reaches = { arm = "8", level = 0.01 }
`

// An experiment from a file runs as the built-in ones do, whole and in shards, and
// its report is written from the results alone, where the file is gone.
func TestStudyFile(t *testing.T) {
	data, root := tinyData(t), t.TempDir()
	path := filepath.Join(root, "mine.toml")
	write(t, path, []byte(mine))
	run := func(out string, more ...string) string {
		args := append([]string{"study", path, "--seeds", "2", "--backend", "cpu", "--data", data, "--out", filepath.Join(root, out)}, more...)
		return swept(t, args...)
	}
	first := run("whole")
	for _, part := range []string{"1 experiment", "layers: holds  one layer is above nothing", "report.html"} {
		if !strings.Contains(first, part) {
			t.Errorf("no %q in\n%s", part, first)
		}
	}
	page := string(read(t, filepath.Join(root, "whole", "report.md")))
	for _, part := range []string{"Does a second hidden layer help?", "| 8-4 |", "**holds**", "figures/layers-accuracy.svg"} {
		if !strings.Contains(page, part) {
			t.Errorf("no %q in the report:\n%s", part, page)
		}
	}
	// An experiment of one's own is about none of the findings, and the page follows the screen.
	whole := string(read(t, filepath.Join(root, "whole", "report.html")))
	if strings.Contains(page+whole, "Findings") || strings.Contains(page+whole, "KMNIST study") || !strings.Contains(whole, "<title>layers</title>") {
		t.Errorf("the report is about something else:\n%s", page)
	}
	if n := strings.Count(whole, "var(--paper)"); n != 2 || strings.Contains(whole, "#FFFFFF") || !strings.Contains(whole, "prefers-color-scheme: dark") {
		t.Errorf("%d times the paper's colour in the page", n)
	}
	if again := run("whole"); strings.Contains(again, "seed 2: ") || !strings.Contains(again, "holds") {
		t.Errorf("run again:\n%s", again)
	}
	run("a", "--shard", "1/2")
	run("b", "--shard", "2/2")
	write(t, path, []byte("gone"))
	merged := swept(t, "study", "merge", filepath.Join(root, "a"), filepath.Join(root, "b"), "--out", filepath.Join(root, "merged"))
	if !strings.Contains(merged, "layers: holds") || studyTables(t, filepath.Join(root, "merged")) != studyTables(t, filepath.Join(root, "whole")) {
		t.Errorf("merged:\n%s", merged)
	}
	if report := swept(t, "study", "report", filepath.Join(root, "whole")); !strings.Contains(report, "layers: holds") {
		t.Errorf("report:\n%s", report)
	}
}

// The file that docs/study.md shows is an experiment, with all that it shows.
func TestStudyPageFile(t *testing.T) {
	blocks := documented(t, "../../docs/study.md", "toml")
	if len(blocks) != 1 {
		t.Fatalf("%d files", len(blocks))
	}
	path := filepath.Join(t.TempDir(), "layers.toml")
	write(t, path, []byte(blocks[0]))
	e, err := chooseExperiments([]string{path, "l2"})
	if err != nil || len(e) != 2 || e[1].Name != "layers" || len(e[1].Claims) != 2 || len(e[1].Figures) != 1 || len(e[1].Vary) != 2 {
		t.Errorf("%v, %+v", err, e)
	}
}

func TestStudyFileBadInput(t *testing.T) {
	data, root := tinyData(t), t.TempDir()
	path, other := filepath.Join(root, "mine.toml"), filepath.Join(root, "other.toml")
	write(t, other, []byte(mine))
	for text, says := range map[string]string{
		strings.Replace(mine, "batch", "bath", 1):                `line 7: unknown key "bath"; did you mean batch?`,
		strings.Replace(mine, "epochs = 3", "epochs = \"3\"", 1): `line 8: epochs must be a whole number, not the text "3"`,
		strings.Replace(mine, `arm = "8"`, `arm = "9"`, 1):       `line 16: no configuration is labelled "9"`,
		mine: "another file has an experiment layers too",
	} {
		write(t, path, []byte(text))
		_, errOut, status := runGlyph(t, "study", other, path, "--data", data, "--out", filepath.Join(root, "out"))
		if status != 1 || !strings.Contains(errOut, path+": ") || !strings.Contains(errOut, says) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("status %d, %q, want %q", status, errOut, says)
		}
	}
	for _, name := range []string{filepath.Join(root, "none.toml"), root + "/" + filepath.Base(root) + ".toml"} {
		if _, errOut, status := runGlyph(t, "study", name, "--out", filepath.Join(root, "out")); status != 1 || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%s: status %d, %q", name, status, errOut)
		}
	}
	if exists(filepath.Join(root, "out")) {
		t.Error("a study that never began left its directory")
	}
}

// A sweep's file has the names of the flags, which win over it.
func TestSweepFile(t *testing.T) {
	data, root := tinyData(t), t.TempDir()
	path := filepath.Join(root, "sweep.toml")
	write(t, path, []byte(fmt.Sprintf("data = %q\nmodel = \"mlp\"\nhidden = [8, [8, 4]]\nlr = [0.01, 0.1]\nepochs = 4\nbatch = 16\nseed = \"1..2\"\nhalving = true\neta = 2\n", data)))
	out := swept(t, "sweep", path, "--backend", "cpu", "--epochs", "2", "--out", filepath.Join(root, "out"))
	for _, part := range []string{"4 combinations, 2 seeds, 12 trainings", "4 combinations for 1 epoch", "2 combinations for 2 epochs"} {
		if !strings.Contains(out, part) {
			t.Errorf("no %q in\n%s", part, out)
		}
	}
	for text, says := range map[string]string{
		"lr = [0.1, \"x\"]":        "line 1: lr must be a number",
		"\nlearning-rate = 1":      "line 2: unknown key \"learning-rate\"",
		"random = 0\nlr = 1":       "--random must be at least 1",
		"lr = [0.1, -1]\nepochs=1": "--lr must be a positive number",
	} {
		write(t, path, []byte(text))
		if _, errOut, status := runGlyph(t, "sweep", path, "--data", data, "--out", filepath.Join(root, "bad")); status != 1 || !strings.Contains(errOut, says) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%q: status %d, %q, want %q", text, status, errOut, says)
		}
	}
}

// The arguments of the Kubernetes example of a sweep, with the index that Kubernetes
// sets.
func TestKubernetesSweepExample(t *testing.T) {
	text := string(read(t, filepath.Join(cluster, "sweep.yaml")))
	root, data := t.TempDir(), tinyData(t)
	write(t, filepath.Join(root, "glyph-sweep.toml"), []byte("model = \"mlp\"\nhidden = [4, 8]\nlr = [0.01, 0.1]\nbatch = 16\nepochs = 1\n"))
	for _, index := range []string{"0", "1", "2", "3"} {
		args := kubernetesArgs(t, text, index, "/sweep", data, root)
		if args[0] != "sweep" || len(args) != 7 {
			t.Fatalf("arguments %v", args)
		}
		if out := swept(t, args...); !strings.Contains(out, "is complete in "+root+"/parts/"+index) {
			t.Errorf("index %s: %s", index, out)
		}
	}
	merge := []string{"sweep", "merge", "--out", filepath.Join(root, "all")}
	for _, index := range []string{"0", "1", "2", "3"} {
		merge = append(merge, filepath.Join(root, "parts", index))
	}
	if out := swept(t, merge...); strings.Contains(out, "missing") || !strings.Contains(out, "best     glyph train") {
		t.Errorf("merged: %s", out)
	}
}
