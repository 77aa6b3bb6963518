package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"glyph/internal/needs"
	"glyph/runs"
	"glyph/runs/board"
	"glyph/study"
)

// paste runs a command that Glyph told somebody to run, as a shell takes it apart, with more
// arguments. It has to succeed.
func paste(t *testing.T, command string, more ...string) (out string) {
	t.Helper()
	if !strings.HasPrefix(command, "glyph ") {
		t.Fatalf("no command: %q", command)
	}
	words, err := exec.Command("sh", "-c", `glyph() { printf '%s\0' "$@"; }; `+command).Output()
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	args := append(strings.Split(strings.TrimSuffix(string(words), "\x00"), "\x00"), more...)
	out, errOut, status := runGlyph(t, args...)
	if status != 0 {
		t.Errorf("%s: status %d: %s", command, status, errOut)
	}
	return out
}

// after is what a text says after some words, to the end of the line.
func after(t *testing.T, words, text string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, words)
	if !found {
		t.Fatalf("no %q in %s", words, text)
	}
	rest, _, _ = strings.Cut(rest, "\n")
	return strings.TrimSpace(rest)
}

// besideData goes to a new directory, in which "it's data" is a small data set, and returns
// the flags of a small network on it.
func besideData(t *testing.T) []string {
	needs.Program(t, "sh")
	data, here := tinyData(t), t.TempDir()
	t.Chdir(here)
	if err := os.Rename(data, "it's data"); err != nil {
		t.Fatal(err)
	}
	return []string{"--data", "it's data", "--model", "mlp", "--hidden", "8", "--batch", "8", "--backend", "cpu", "--validation", "0.25"}
}

// A command that a message tells somebody to run does what it says when it is pasted into
// a shell in the same directory, whatever the names of files are.
func TestCommandsThatAreTold(t *testing.T) {
	small := besideData(t)
	dir := "-a run"
	trained := swept(t, append(small, "train", "--epochs", "2", "--report=false", "--out", dir)...)
	if out := paste(t, after(t, "evaluate it with: ", trained), "--backend", "cpu"); !strings.Contains(out, "20 test images") {
		t.Error(out)
	}
	_, finished, _ := runGlyph(t, "train", "--resume", dir)
	further, _, _ := strings.Cut(after(t, "in all: ", finished), " --epochs N")
	paste(t, further, "--epochs", "3", "--report=false")
	packed := swept(t, "data", "pack", "it's data", "--out", "synthetic")
	if out := paste(t, after(t, "train on it with: ", packed), "--model", "linear", "--epochs", "1", "--backend", "cpu", "--out", "none"); !strings.Contains(out, "20 test images") {
		t.Error(out)
	}
	_, refused, _ := runGlyph(t, "ui", "./"+dir)
	paste(t, after(t, "that holds it: ", refused), "--export", "runs.html")
}

// told is the page of the runs in a directory: it reads its answers.
type told struct {
	t *testing.T
	h http.Handler
}

func newTold(t *testing.T, root string) told {
	b, err := board.New(board.Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	h, err := b.Handler(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return told{t, h}
}

func (p told) get(path string, to any) {
	p.t.Helper()
	w := httptest.NewRecorder()
	p.h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
	if err := json.Unmarshal(w.Body.Bytes(), to); err != nil {
		p.t.Fatalf("%s: %v: %s", path, err, w.Body)
	}
}

func (p told) study(name string) board.Study {
	p.t.Helper()
	var list []board.Study
	p.get("/api/studies", &list)
	for _, s := range list {
		if s.Name == name {
			return s
		}
	}
	p.t.Fatalf("no %s in %+v", name, list)
	return board.Study{}
}

// The command for the best of a sweep trains it, on the sweep's data, wherever it is shown.
func TestSweepCommandsThatAreTold(t *testing.T) {
	small := besideData(t)
	sweep := func(more ...string) string {
		return swept(t, append(append([]string{"sweep", "--lr", "0.01,0.3", "--epochs", "2"}, small...), more...)...)
	}
	commands := []string{after(t, "best     ", sweep("--seed", "1..2", "--out", "runs/a sweep")), after(t, "best     ", swept(t, "sweep", "report", "runs/a sweep"))}
	swept(t, "sweep", "merge", "runs/a sweep", "--out", "runs/merged")
	for words, args := range map[string][]string{"see it with: ": {"study", "report", "runs/a sweep"}, "merge it with: ": {"study", "merge", "runs/a sweep", "--out", "runs/other"}} {
		_, refused, _ := runGlyph(t, args...)
		paste(t, after(t, words, refused))
	}
	sweep("--shard", "1/2", "--out", "runs/-shard")
	page := newTold(t, "runs")
	want := ranked(t, read(t, "runs/a sweep/"+study.LeaderboardFile)).Rows[0]
	for _, command := range append(commands, page.study("a sweep").Best, page.study("merged").Best) {
		var got struct {
			Accuracy float64 `json:"validation_accuracy"`
		}
		lastJSON(t, paste(t, command, "--backend", "cpu", "--out", "none", "--json"), &got)
		if got.Accuracy != want.Accuracies[0] {
			t.Errorf("%s: %v; the sweep had %v", command, got.Accuracy, want.Accuracies[0])
		}
	}
	write(t, "runs/merged/"+study.LeaderboardFile, []byte("{"))
	for name, reason := range map[string]string{"merged": "is damaged", "-shard": "is a shard"} {
		problem := page.study(name).Problem
		if out := paste(t, problem[strings.LastIndex(problem, "glyph "):]); !strings.Contains(problem, reason) || !strings.Contains(out, "best     ") || page.study(name).Problem != "" {
			t.Errorf("%s: %s", problem, out)
		}
	}
	t.Chdir("runs")
	page = newTold(t, ".")
	os.Remove("-shard/" + study.LeaderboardFile) //nolint:errcheck // then the next line fails
	problem := page.study("-shard").Problem
	paste(t, problem[strings.LastIndex(problem, "glyph "):])
}

// The page of a run has the command that repeats it, and the one that makes its report.
func TestPageCommandsThatAreTold(t *testing.T) {
	small := besideData(t)
	swept(t, append(small, "train", "--epochs", "2", "--report=false", "--out", "runs/a 'run'")...)
	page := newTold(t, "runs")
	var list, detail, refused map[string]any
	page.get("/api/runs", &list) // which reads them
	page.get("/api/run?run="+url.QueryEscape("a 'run'"), &detail)
	paste(t, detail["command"].(string), "--out", "again", "--report=false")
	if one, two := read(t, "runs/a 'run'/"+runs.BestFile), read(t, "again/"+runs.BestFile); string(one) != string(two) {
		t.Errorf("%s trains other weights", detail["command"])
	}
	page.get("/report/"+url.PathEscape("a 'run'"), &refused)
	paste(t, after(t, "to make one: ", refused["error"].(string)))
	if _, err := os.Stat("runs/a 'run'/" + runs.ReportFile); err != nil {
		t.Error(err)
	}
}
