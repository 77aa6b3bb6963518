package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"glyph/cmd/glyph/internal/flags"
	"glyph/runs"
	"glyph/runs/training"
	"glyph/settings"
)

// What can't be recorded is refused before the run's directory is made.
func TestUnrecordable(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	_, errOut, status := runGlyph(t, "train", "--data", "a\xffb", "--out", dir)
	if status != 1 || !strings.Contains(errOut, "--data") || !strings.Contains(errOut, "UTF-8") || strings.Count(errOut, "\n") != 1 {
		t.Errorf("status %d: %s", status, errOut)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the run's directory is there")
	}
}

// A seed of 2⁶³ and more trains, and the run is listed and can be repeated.
func TestGreatestSeed(t *testing.T) {
	data, root := tinyData(t), t.TempDir()
	first, second := filepath.Join(root, "first"), filepath.Join(root, "second")
	if _, errOut, status := runGlyph(t, tinyTrain(data, first, "--epochs", "2", "--seed", "18446744073709551615")...); status != 0 {
		t.Fatal(errOut)
	}
	config := filepath.Join(first, runs.ConfigFile)
	// As an older version wrote it.
	text := read(t, config)
	old := bytes.Replace(text, []byte(`"18446744073709551615"`), []byte(`18446744073709551615`), 1)
	if bytes.Equal(text, old) {
		t.Fatalf("no seed in\n%s", text)
	}
	for _, text := range [][]byte{text, old} {
		write(t, config, text)
		if out, errOut, status := runGlyph(t, "runs", root); status != 0 || !strings.Contains(out, "first") {
			t.Errorf("runs: status %d: %s%s", status, out, errOut)
		}
		if _, errOut, status := runGlyph(t, "train", "--config", config, "--report=false", "--out", second); status != 0 {
			t.Fatal(errOut)
		}
		if !bytes.Equal(read(t, filepath.Join(first, runs.LastFile)), read(t, filepath.Join(second, runs.LastFile))) {
			t.Error("the config trains to other weights")
		}
		os.RemoveAll(second)
	}
}

// A name stands for the data of that name, even where a directory is called the
// same; a path is recorded as a path; and other data than a config was written
// for is refused.
func TestNamesAndPaths(t *testing.T) {
	tiny := tinyData(t)
	t.Chdir(t.TempDir())
	for _, name := range []string{"kmnist", "synthetic"} {
		if err := os.CopyFS(name, os.DirFS(tiny)); err != nil {
			t.Fatal(err)
		}
	}
	few := func(data, out string, more ...string) []string {
		return append([]string{"train", "--data", data, "--model", "linear", "--limit", "30", "--epochs", "1", "--report=false", "--out", out}, more...)
	}
	key := func(run, name string) string {
		found := regexp.MustCompile(`(?m)^` + name + ` = "(.*)"$`).FindSubmatch(read(t, filepath.Join(run, runs.ConfigFile)))
		if found == nil {
			t.Fatalf("no %s in the config of %s", name, run)
		}
		return string(found[1])
	}
	for _, name := range []string{"synthetic", "kmnist"} { // as openData names them
		os.Mkdir("named", 0o777)
		j := job{f: &flags.Train{}, cmd: newTrain(), Training: &training.Training{}}
		text, err := j.config(map[string]string{"data": name, "data-hash": "h", "backend": "cpu"})
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join("named", runs.ConfigFile), text)
		if got := key("named", "data"); got != name {
			t.Errorf("the data of the name %s is recorded as %s", name, got)
		}
	}
	for _, name := range []string{"synthetic", "kmnist"} {
		out := name + "-run"
		if _, errOut, status := runGlyph(t, few("./"+name, out)...); status != 0 {
			t.Fatal(errOut)
		}
		if got := key(out, "data"); !filepath.IsAbs(got) || filepath.Base(got) != name {
			t.Errorf("--data ./%s is recorded as %s", name, got)
		}
		again := out + "-again"
		if _, errOut, status := runGlyph(t, "train", "--config", filepath.Join(out, runs.ConfigFile), "--report=false", "--out", again); status != 0 {
			t.Fatal(errOut)
		}
		if !bytes.Equal(read(t, filepath.Join(out, runs.LastFile)), read(t, filepath.Join(again, runs.LastFile))) {
			t.Errorf("--config of %s trains to other weights", out)
		}
	}
	if a, b := key("synthetic-run", "data-hash"), key("kmnist-run", "data-hash"); a != b || len(a) != 64 {
		t.Errorf("the same data in two places has the hashes %s and %s", a, b)
	}
	labels := filepath.Join("kmnist", "t10k-labels-idx1-ubyte")
	changed := read(t, labels)
	changed[len(changed)-1] ^= 1
	write(t, labels, changed)
	config := filepath.Join("kmnist-run", runs.ConfigFile)
	if _, errOut, status := runGlyph(t, "train", "--config", config, "--out", "o"); status != 1 || !strings.Contains(errOut, "is not the data that the config was written for") {
		t.Errorf("other data: status %d: %s", status, errOut)
	}
	// Data of the command line's choice is another thing.
	if _, errOut, status := runGlyph(t, few("./kmnist", "chosen", "--config", config)...); status != 0 {
		t.Error(errOut)
	}
}

// interruptedRun is a run of two epochs that was killed in the second.
func interruptedRun(t *testing.T, data, dir string, more ...string) {
	t.Helper()
	if _, errOut, status := runGlyph(t, tinyTrain(data, dir, append([]string{"--epochs", "2"}, more...)...)...); status != 0 {
		t.Fatal(errOut)
	}
	for _, file := range []string{runs.SummaryFile, "checkpoint"} {
		if err := removeFile(dir, file); err != nil {
			t.Fatal(err)
		}
	}
	if c, _, err := runs.ReadCheckpoint(dir); err != nil || c.State.Epoch != 1 {
		t.Fatal(c, err)
	}
}

// contents is every file of a directory.
func contents(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			fmt.Fprintf(&all, "%s %q\n", e.Name(), read(t, filepath.Join(dir, e.Name())))
		}
	}
	return all.String()
}

// A run resumes in its own directory with its own settings: no key of a config
// sends it elsewhere, or resumes another run.
func TestConfigNeverRedirects(t *testing.T) {
	data, root := tinyData(t), t.TempDir()
	victim, run := filepath.Join(root, "victim"), filepath.Join(root, "run")
	interruptedRun(t, data, victim)
	interruptedRun(t, data, run)
	before := contents(t, victim)
	config := filepath.Join(run, runs.ConfigFile)
	good := read(t, config)
	for _, key := range []string{"out", "resume", "config"} {
		line := fmt.Sprintf("%s = %q\n", key, victim)
		write(t, config, append(slices.Clone(good), line...))
		if _, errOut, status := runGlyph(t, "train", "--resume", run); status != 1 || !strings.Contains(errOut, strconv.Quote(key)) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%s in the run's config: status %d: %s", key, status, errOut)
		}
		other := filepath.Join(root, "other.toml")
		write(t, other, []byte(fmt.Sprintf("resume = \"zzz\"\nout = %q\nmodel = \"mlp\"\ndata = %q\n", victim, data)))
		if _, errOut, status := runGlyph(t, "train", "--config", other); status != 1 || !strings.Contains(errOut, `"resume"`) {
			t.Errorf("resume in a --config: status %d: %s", status, errOut)
		}
		if _, errOut, status := runGlyph(t, "train", "--resume", run, "--config", other); status != 1 || !strings.Contains(errOut, "--config") {
			t.Errorf("--resume with --config: status %d: %s", status, errOut)
		}
	}
	write(t, config, good)
	if contents(t, victim) != before {
		t.Error("another run was touched")
	}
	if _, errOut, status := runGlyph(t, "train", "--resume", run, "--report=false"); status != 0 {
		t.Error(errOut)
	}
}

// A run of an older version, whose config has the former names, resumes; a moved
// one that began with weights finds them.
func TestOldRunResumes(t *testing.T) {
	data, root := tinyData(t), t.TempDir()
	first, run, moved := filepath.Join(root, "first"), filepath.Join(root, "run"), filepath.Join(root, "moved")
	if _, errOut, status := runGlyph(t, tinyTrain(data, first)...); status != 0 {
		t.Fatal(errOut)
	}
	interruptedRun(t, data, run, "--weights", first, "--validation", "0.25", "--normalise", "set", "--label-smoothing", "0.1")
	config := filepath.Join(run, runs.ConfigFile)
	text := string(read(t, config))
	for now, former := range map[string]string{"validation = ": "holdout = ", "normalise = ": "standardise = ", "label-smoothing = ": "smoothing = ", `weights = "`: `weights = "` + run + `/`} {
		if !strings.Contains(text, now) {
			t.Fatalf("no %s in\n%s", now, text)
		}
		text = strings.Replace(text, now, former, 1)
	}
	text = regexp.MustCompile(`(?m)^data-hash.*\n`).ReplaceAllString(text, "")
	write(t, config, []byte(text))
	if err := os.Rename(run, moved); err != nil {
		t.Fatal(err)
	}
	if out, errOut, status := runGlyph(t, "train", "--resume", moved, "--report=false"); status != 0 {
		t.Fatalf("%s%s", out, errOut)
	}
	r, err := runs.Open(moved)
	if err != nil || r.Config["validation"] != 0.25 || r.Config["holdout"] != nil {
		t.Errorf("%v: %v", err, r)
	}
}

// Former names of flags are taken on the command line, not shown, and the same
// setting twice is a mistake.
func TestFormerNames(t *testing.T) {
	cmd := newTrain()
	if err := cmd.ParseFlags([]string{"--holdout", "0.2", "--standardise=pixel", "--smoothing", "0.1"}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"validation": "0.2", "normalise": "pixel", "label-smoothing": "0.1"} {
		if f := cmd.Flags().Lookup(name); f.Value.String() != want || !f.Changed {
			t.Errorf("--%s is %s", name, f.Value)
		}
	}
	for _, former := range []string{"--holdout", "--standardise", "--smoothing"} {
		if strings.Contains(" "+cmd.UsageString(), " "+former) {
			t.Errorf("the help shows %s", former)
		}
	}
	file := filepath.Join(t.TempDir(), "c.toml")
	write(t, file, []byte("holdout = 0.1\nvalidation = 0.2\n"))
	if _, errOut, status := runGlyph(t, "train", "--config", file); status != 1 || !strings.Contains(errOut, "holdout and validation are the same setting") {
		t.Errorf("status %d: %s", status, errOut)
	}
}

// Every setting has a flag, and glyph train, glyph compare and glyph summary no
// others but their own; what has values to choose from completes to them.
func TestFlagsOfSettings(t *testing.T) {
	has := func(cmd *cobra.Command, name string) bool { return cmd.Flags().Lookup(name) != nil }
	train, compare, summary := newTrain(), newCompare(), newSummary()
	for _, s := range settings.All() {
		if !has(train, s.Name) {
			t.Errorf("glyph train has no --%s", s.Name)
		}
		acts := s.Group != settings.Course && !slices.Contains(notCompared, s.Name)
		if has(compare, s.Name) != acts {
			t.Errorf("glyph compare has --%s: %t", s.Name, !acts)
		}
		if has(summary, s.Name) != (s.Group == settings.Network) {
			t.Errorf("glyph summary: --%s", s.Name)
		}
		if s.Values == nil {
			continue
		}
		out, _, status := runGlyph(t, "__complete", "train", "--"+s.Name, "")
		for _, value := range s.Values() {
			if status != 0 || !strings.Contains(out, value+"\n") {
				t.Errorf("--%s does not complete to %s: %s", s.Name, value, out)
			}
		}
	}
	for _, name := range []string{"resume", "report", "out", "weights", "checkpoint", "json"} {
		if has(compare, name) {
			t.Errorf("glyph compare has --%s", name)
		}
	}
}

// With --json, standard output is one JSON object and nothing else.
func TestJSONAlone(t *testing.T) {
	data, dir := tinyData(t), filepath.Join(t.TempDir(), "run")
	for _, args := range [][]string{
		tinyTrain(data, dir, "--epochs", "2", "--validation", "0.25", "--json"),
		{"eval", dir, "--json"},
		{"runs", filepath.Dir(dir), "--json"},
		{"runs", "diff", dir, dir, "--json"},
		{"devices", "--json"},
	} {
		out, errOut, status := runGlyph(t, args...)
		if status != 0 || strings.Count(out, "\n") != 1 || !strings.HasPrefix(out, "{") && !strings.HasPrefix(out, "[") {
			t.Errorf("%v: status %d, %s\nprints %q", args, status, errOut, out)
		}
	}
}
