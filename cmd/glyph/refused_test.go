package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What can't be meant is refused in one line before anything is written.
func TestRefused(t *testing.T) {
	_, dir := trainedRun(t)
	file := filepath.Join(t.TempDir(), "a.onnx")
	held := filepath.Join(t.TempDir(), "held")
	write(t, held, nil)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"export", dir, "--onnx", file, "--pytorch", filepath.Dir(file) + "/./a.onnx"}, "would be written twice"},
		{[]string{"ui", filepath.Dir(dir), "--backend", "foo"}, "--backend must be auto"},
		{[]string{"ui", filepath.Dir(dir), "--listen", "127.0.0.1:0", "--public-host", "a b"}, `"a b" is not the name of a host, such as`},
		{[]string{"sweep", "--data", tinyData(t), "--lr", "0.1,0.2", "--out", held}, "held is not a directory"},
	} {
		_, errOut, status := runGlyph(t, c.args...)
		if status != 1 || strings.Count(errOut, "\n") != 1 || !strings.Contains(errOut, c.want) {
			t.Errorf("%v: status %d: %s", c.args, status, errOut)
		}
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a refused export wrote its file")
	}
}

// A sweep of a single training says that nothing is varied, and doesn't tell a short time
// to the microsecond.
func TestSweepOfOne(t *testing.T) {
	t.Chdir(t.TempDir())
	out, errOut, status := runGlyph(t, "sweep", "--data", tinyData(t), "--model", "linear", "--epochs", "1", "--backend", "cpu", "--out", "one")
	if status != 0 || !strings.Contains(out, "nothing is varied") || !strings.Contains(out, "; less than a second on a server processor") {
		t.Errorf("status %d: %s%s", status, out, errOut)
	}
}
