package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"glyph/internal/needs"
)

// The folder holds every program on the list, whole and with a use, and nothing else;
// a folder with files in it stays as it is.
func TestBenchDumpShaders(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	out, errOut, status := runGlyph(t, "bench", "--dump-shaders", dir, "--model", "mlp")
	if strings.Contains(errOut, "CGO_ENABLED=0") {
		needs.GPU(t, errors.New(errOut))
	}
	if status != 0 || !strings.HasPrefix(out, "wrote ") {
		t.Fatal(out, errOut)
	}
	checkDump(t, dir, 1)
	checkDump(t, filepath.Join(dir, dumpIntel), 0)
	for want, args := range map[string][]string{
		"has files in it already": {dir}, "unknown network": {t.TempDir(), "--model", "lenet"},
	} {
		_, errOut, status = runGlyph(t, append([]string{"bench", "--dump-shaders"}, args...)...)
		if status == 0 || !strings.Contains(errOut, want) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%q: %s", args, errOut)
		}
	}
}

// checkDump holds a folder to its list. Intel's programs are those that don't fetch ahead.
func checkDump(t *testing.T, dir string, ahead int) {
	t.Helper()
	r := csv.NewReader(strings.NewReader(string(read(t, filepath.Join(dir, programsFile)))))
	r.Comma = '\t'
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 20 {
		t.Fatal(rows, err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.comp"))
	if err != nil || len(files) != len(rows)-1 { // the list has a heading
		t.Errorf("%d files for %d rows, %v", len(files), len(rows), err)
	}
	products := 0
	for _, row := range rows[1:] {
		text := string(read(t, filepath.Join(dir, row[0])))
		for _, part := range strings.Fields(row[2])[1:] { // "BM=128"
			if !strings.Contains(text, "\n#define "+strings.Replace(part, "=", " ", 1)+"\n") {
				t.Errorf("%s is without %s", row[0], part)
			}
		}
		if strings.Contains(text, "\n#define AHEAD ") {
			products++
			if !strings.Contains(text, fmt.Sprintf("\n#define AHEAD %d\n", ahead)) {
				t.Errorf("%s fetches ahead or not, and should not or should", row[0])
			}
		}
		if !strings.HasPrefix(text, "#version 430") || strings.Contains(text, "#include") || !strings.HasPrefix(row[1], "mlp, ") {
			t.Errorf("%q: %.20q", row, text)
		}
	}
	if products == 0 {
		t.Errorf("%s has no product", dir)
	}
}
