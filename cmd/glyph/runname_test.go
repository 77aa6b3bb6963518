package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"glyph/runs"
)

// Commands take a run of the directory runs by its bare name, the newest as latest,
// and guess at one whose name is nearly right.
func TestRunsByName(t *testing.T) {
	_, run := trainedRun(t)
	home := t.TempDir()
	t.Chdir(home)
	if _, errOut, status := runGlyph(t, "runs", "diff", "latest", "latest"); status == 0 || !strings.Contains(errOut, "there is no run in the directory runs") {
		t.Errorf("latest of none: status %d: %s", status, errOut)
	}
	for _, name := range []string{"first", "second"} {
		if err := os.CopyFS(filepath.Join("runs", name), os.DirFS(run)); err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-time.Hour)
	change(t, filepath.Join("runs", "first", runs.ConfigFile), "seed = 1", "seed = 7")
	if err := os.Chtimes(filepath.Join("runs", "second", runs.ConfigFile), old, old); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"runs", "diff", "second", "latest"}, "seed"},
		{[]string{"runs", "diff", "latest", "runs/first"}, "the same"},
		{[]string{"runs", "diff", "second", "frist"}, "there is no run or file frist; did you mean first?"},
		{[]string{"report", "lastest"}, "did you mean latest?"},
		{[]string{"train", "--resume", "secnd"}, "--resume: there is no run or file secnd; did you mean second?"},
		{[]string{"train", "--resume", "second"}, "finished"},
		{[]string{"train", "--weights", "secont"}, "--weights: there is no run or file secont; did you mean second?"},
		{[]string{"watch", "nowhere-at-all"}, "there is no run or file nowhere-at-all; glyph runs lists the runs"},
		{[]string{"serve", "nowhere-at-all"}, "there is no run or file nowhere-at-all; glyph runs lists the runs"},
		{[]string{"__complete", "watch", ""}, "first\nsecond\nlatest\n"},
		{[]string{"__complete", "train", "--weights", ""}, "first\nsecond\nlatest\n"},
	} {
		out, errOut, _ := runGlyph(t, c.args...)
		if !strings.Contains(out+errOut, c.want) {
			t.Errorf("%v: no %q in %s%s", c.args, c.want, out, errOut)
		}
	}
	os.Mkdir("first", 0o777) // what is there goes before a name
	if out, errOut, status := runGlyph(t, "runs", "diff", "first", "second"); status == 0 {
		t.Errorf("a directory of that name was passed over: %s%s", out, errOut)
	}
}
