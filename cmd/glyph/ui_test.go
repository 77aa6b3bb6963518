package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"glyph/runs/board"
)

// TestUI serves the page of a run in a process of its own: its mistakes and its page to
// draw on come from its network. Ctrl-C ends it.
func TestUI(t *testing.T) {
	_, dir := trainedRun(t)
	cmd, pipe, errOut := started(t, "ui", filepath.Dir(dir), "--listen", "127.0.0.1:0", "--base-path", "/glyph")
	line, err := bufio.NewReader(pipe).ReadString('\n')
	url, found := strings.CutPrefix(strings.TrimSpace(line), "open     ")
	if err != nil || !found || !strings.HasSuffix(url, "/glyph/") {
		t.Fatalf("%q, %v: %s", line, err, errOut.String())
	}
	get := func(path string) string {
		t.Helper()
		reply, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Body.Close()
		text, err := io.ReadAll(reply.Body)
		if err != nil || reply.StatusCode != 200 {
			t.Fatalf("%s: status %d, %v: %s", path, reply.StatusCode, err, text)
		}
		return string(text)
	}
	var s board.State
	var failed error
	for failed == nil && !s.Complete { // once the runs are read
		s = board.State{}
		failed = json.Unmarshal([]byte(get("api/runs")), &s)
	}
	if err := failed; err != nil || len(s.Runs) != 1 || s.Runs[0].Name != "run" || !s.Runs[0].Weights || s.Runs[0].TestAccuracy == nil {
		t.Errorf("%+v, %v", s, err)
	}
	if text := get("api/mistakes?run=run"); !strings.Contains(text, `"total"`) {
		t.Error(text)
	}
	if text := get("draw/run/"); !strings.Contains(text, `src="draw.js"`) {
		t.Error(text)
	}
	cmd.Process.Signal(syscall.SIGINT) //nolint:errcheck // waited for
	if err := cmd.Wait(); err != nil {
		t.Errorf("ended with %v: %s", err, errOut.String())
	}
}

// What can't be served or exported is one line, and an export is one file.
func TestUIExports(t *testing.T) {
	_, dir := trainedRun(t)
	file := filepath.Join(t.TempDir(), "runs.html")
	out, errOut, status := runGlyph(t, "ui", filepath.Dir(dir), "--export", file)
	if status != 0 || !strings.Contains(out, "saved    ") {
		t.Errorf("status %d: %s%s", status, out, errOut)
	}
	if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), `"name":"run"`) {
		t.Errorf("%d bytes, %v", len(text), err)
	}
	for want, args := range map[string][]string{
		"glyph train creates it": {"ui", filepath.Join(dir, "none")},
		"is a run; name the":     {"ui", dir},
		"the base path must be":  {"ui", filepath.Dir(dir), "--base-path", "glyph"},
		"not the name of a host": {"ui", filepath.Dir(dir), "--public-host", "http://lab"},
		"must be HOST:PORT":      {"ui", filepath.Dir(dir), "--listen", "8080"},
		"--export ":              {"ui", filepath.Dir(dir), "--export", filepath.Join(dir, "none", "x.html")},
	} {
		if _, errOut, status := runGlyph(t, args...); status != 1 || !strings.Contains(errOut, want) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%v: status %d, %q, want %q", args, status, errOut, want)
		}
	}
}
