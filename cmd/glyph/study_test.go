package main

import (
	"bufio"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// studyTables is a report without what the clock measured.
func studyTables(t *testing.T, dir string) string {
	t.Helper()
	text := string(read(t, filepath.Join(dir, "report.md")))
	text = regexp.MustCompile(`(?m)^\| (time|backend|device|glyph|built with) .*$`).ReplaceAllString(text, "")
	return regexp.MustCompile(`[\d,]+ \|\n`).ReplaceAllString(text, "|\n") // images/s, the last column
}

// A quick study of two experiments on a tiny set: run whole, in two shards that
// are merged, and once more, which finds nothing to do.
func TestStudy(t *testing.T) {
	notShort(t)
	data, root := tinyData(t), t.TempDir()
	study := func(out string, more ...string) string {
		t.Helper()
		args := append([]string{"study", "models", "activation", "gradients", "--quick", "--seeds", "2", "--backend", "cpu", "--data", data, "--out", filepath.Join(root, out)}, more...)
		printed, errOut, status := runGlyph(t, args...)
		if status != 0 {
			t.Fatalf("%v: status %d: %s%s", args, status, printed, errOut)
		}
		return printed
	}
	first := study("whole")
	for _, part := range []string{"40 training images", "seed 2: ", " 2  ", "12  holds", "report.html", "quick, 3 experiments"} {
		if !strings.Contains(first, part) {
			t.Errorf("no %q in\n%s", part, first)
		}
	}
	if again := study("whole"); strings.Contains(again, "seed 2: ") || !strings.Contains(again, "12  holds") {
		t.Errorf("run again:\n%s", again)
	}
	study("a", "--shard", "0/2", "--shard-from", "0")
	if second := study("b", "--shard", "2/2"); !strings.Contains(second, "glyph study merge") || strings.Contains(second, "report") {
		t.Errorf("a shard:\n%s", second)
	}
	merged, errOut, status := runGlyph(t, "study", "merge", filepath.Join(root, "a"), filepath.Join(root, "b"), "--out", filepath.Join(root, "merged"))
	if status != 0 || !strings.Contains(merged, "of 2 parts") {
		t.Fatalf("merge: status %d: %s%s", status, merged, errOut)
	}
	if got, want := studyTables(t, filepath.Join(root, "merged")), studyTables(t, filepath.Join(root, "whole")); got != want {
		t.Errorf("merged:\n%s\nwhole:\n%s", got, want)
	}
	before := studyTables(t, filepath.Join(root, "whole"))
	if out, errOut, status := runGlyph(t, "study", "report", filepath.Join(root, "whole")); status != 0 || !strings.Contains(out, "report.html") {
		t.Errorf("report: status %d: %s%s", status, out, errOut)
	}
	if studyTables(t, filepath.Join(root, "whole")) != before {
		t.Error("the report is another one")
	}
	list, _, _ := runGlyph(t, "study", "list")
	for _, part := range []string{"gradients", "batch-fixed", "Wider beats deeper"} {
		if !strings.Contains(list, part) {
			t.Errorf("no %q in the list", part)
		}
	}
}

// An interrupted study says how far it came, and goes on from there.
func TestStudyInterrupt(t *testing.T) {
	data, out := tinyData(t), t.TempDir()
	args := []string{"study", "activation", "rate", "gradients", "--quick", "--backend", "cpu", "--parallel", "1", "--data", data, "--out", out}
	cmd, pipe, errOut := started(t, args...)
	first := "" // how far it said it was when it was interrupted
	for lines := bufio.NewScanner(pipe); lines.Scan(); {
		if done, of, ok := strings.Cut(strings.Fields(lines.Text() + " .")[0], "/"); ok {
			first = done + " of " + of + " trials"
		}
		if strings.HasPrefix(strings.TrimSpace(lines.Text()), "3/") {
			cmd.Process.Signal(syscall.SIGINT)
		}
	}
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 || !strings.Contains(errOut.String(), "run the same command again") {
		t.Fatalf("exit status %d: %s", code, errOut.String())
	}
	if !strings.Contains(errOut.String(), "interrupted: "+first+" finished and kept") {
		t.Errorf("it said last that it was at %s: %s", first, errOut.String())
	}
	results := filepath.Join(out, "results.jsonl")
	kept := read(t, results)
	if n := strings.Count(string(kept), `"result"`); n < 2 { // the comparison of gradients is the first
		t.Errorf("%d results kept", n)
	}
	if printed, stderr, status := runGlyph(t, args...); status != 0 {
		t.Fatalf("run again: status %d: %s%s", status, printed, stderr)
	}
	if all := read(t, results); !strings.HasPrefix(string(all), string(kept)) {
		t.Error("what was kept is changed")
	}
	ids := map[string]bool{}
	for _, id := range regexp.MustCompile(`"result":\{"id":"\w+"`).FindAllString(string(read(t, results)), -1) {
		if ids[id] {
			t.Errorf("%s is there twice", id)
		}
		ids[id] = true
	}
}
