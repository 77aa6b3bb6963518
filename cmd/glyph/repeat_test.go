package main

import (
	"bytes"
	"html"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"glyph/runs"
)

// The command on a run's page repeats it: the same config and the same weights. The page
// has the run's name in its title, and of the settings those that acted.
func TestPageRepeatsTheRun(t *testing.T) {
	data, root := stripes(t, "", 200, 4, 4, 0, inTurn), t.TempDir()
	dir, again := filepath.Join(root, "a name"), filepath.Join(root, "again")
	if _, errOut, status := runGlyph(t, "train", "--data", data, "--model", "linear", "--epochs", "3", "--lr", "0.02", "--weight-decay", "0.3", "--backend", "cpu", "--out", dir); status != 0 {
		t.Fatal(errOut)
	}
	page := string(read(t, filepath.Join(dir, runs.ReportFile)))
	found := regexp.MustCompile(`<pre class="command">glyph (.*?)</pre>`).FindStringSubmatch(page)
	if found == nil {
		t.Fatal("no command on the page")
	}
	args := append(strings.Fields(html.UnescapeString(found[1])), "--report=false", "--out", again)
	if _, errOut, status := runGlyph(t, args...); status != 0 {
		t.Fatal(args, errOut)
	}
	for _, file := range []string{runs.ConfigFile, runs.BestFile} {
		if !bytes.Equal(read(t, filepath.Join(dir, file)), read(t, filepath.Join(again, file))) {
			t.Errorf("%v: another %s", args, file)
		}
	}
	for _, want := range []string{"<title>a name: ", "<th>lr</th><td>0.02</td>", "; val loss ", "; weights kept; test loss "} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q on the page", want)
		}
	}
	if strings.Contains(page, "<th>weight-decay</th>") {
		t.Error("the page tells of weight decay, which plain SGD does not have")
	}
}
