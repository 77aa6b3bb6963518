package study

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Results go into a directory that is new or empty or a study's, and into no
// other, of which nothing is changed.
func TestOnlyIntoItsOwnDirectory(t *testing.T) {
	p := tinyPlan(t, 1)
	for _, c := range []struct {
		files   []string
		foreign string // "" where it may be taken
	}{
		{nil, ""},
		{[]string{lockFile}, ""},
		{[]string{lockFile, manifestFile + ".0123abcd.tmp"}, ""},
		{[]string{"report.html"}, "report.html"},
		{[]string{resultsFile}, resultsFile},
		{[]string{lockFile, "notes.txt"}, "notes.txt"},
		{[]string{"study.json.bak"}, "study.json.bak"},
	} {
		dir := t.TempDir()
		for _, name := range c.files {
			if err := os.WriteFile(filepath.Join(dir, name), []byte("precious"), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		store, err := OpenStore(dir, p)
		if err == nil {
			err = store.Close()
		}
		if c.foreign == "" {
			if err != nil {
				t.Errorf("%q: %v", c.files, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), "such as "+c.foreign+"; choose a new") {
			t.Errorf("%q: %v", c.files, err)
		}
		left, err := os.ReadDir(dir)
		if err != nil || len(left) != len(c.files) {
			t.Errorf("%q: there is now %v, %v", c.files, left, err)
		}
		for _, name := range c.files {
			if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(text) != "precious" {
				t.Errorf("%q: %s is now %q, %v", c.files, name, text, err)
			}
		}
	}
}
