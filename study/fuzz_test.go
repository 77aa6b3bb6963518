package study

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzStore: whatever study.json and results.jsonl hold, they are refused in one
// line, or the study can be analysed and reported on in words, and opened again
// after what was torn is cut off.
func FuzzStore(f *testing.F) {
	old := filepath.Join("..", "docs", "study")
	// The first results there are those of one experiment.
	few, err := Select(Experiments(), []string{"thousand", "gradients"})
	if err != nil {
		f.Fatal(err)
	}
	manifest := []byte(`{"format":1,"quick":false,"seeds":3,"source":"kmnist-7k","train_images":7011,"test_images":10000,"data":"d5a93b4a41d48a28","experiments":["thousand","gradients"]}`)
	results, err := os.ReadFile(filepath.Join(old, resultsFile))
	if err != nil {
		f.Fatal(err)
	}
	lines := bytes.SplitAfterN(results, []byte("\n"), 6)
	some := bytes.Join(lines[:5], nil)
	for _, seed := range [][2][]byte{
		{manifest, some}, {manifest, nil}, {manifest, some[:len(some)-9]}, {manifest, append(bytes.Clone(some), some...)},
		{[]byte(`{"format":1,"seeds":1,"data":"x","train_images":100,"test_images":1,"experiments":["gradients"]}`), []byte("{}\n")},
		{[]byte("[]"), []byte("\n")}, {nil, []byte(`{"result":{"id":"x"}}` + "\n")},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, manifest, results []byte) {
		dir := t.TempDir()
		for name, text := range map[string][]byte{manifestFile: manifest, resultsFile: results} {
			if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		c, err := ReadContents(dir)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("not a line: %q", err)
			}
			return
		}
		if c.Seeds > 20 { // as many trials a configuration
			return
		}
		a, err := Analyse(c, few)
		if err != nil {
			return
		}
		v := newView(a, nil)
		var text bytes.Buffer
		if err := markdownReport.Execute(&text, v); err != nil {
			t.Error(err)
		}
		for _, x := range a.Experiments {
			for _, figure := range x.Figures {
				x.picture(figure)
			}
		}
		store, err := OpenStore(dir, a.Plan)
		if err != nil {
			t.Fatalf("read, but not opened: %v", err)
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
		again, err := ReadContents(dir)
		if err != nil || len(again.Results) != len(c.Results) || len(again.Sessions) != len(c.Sessions) {
			t.Errorf("opened, it reads as %d results, %v; it had %d", len(again.Results), err, len(c.Results))
		}
	})
}

// A manifest or a line that is too large is refused before it is read whole.
func TestStoreBounds(t *testing.T) {
	p := tinyPlan(t, 1)
	for name, text := range map[string]string{
		manifestFile: `{"source":"` + strings.Repeat("x", maxManifest) + `"}`,
		resultsFile:  strings.Repeat("x", maxLine+1) + "\n",
	} {
		dir := t.TempDir()
		store, err := OpenStore(dir, p)
		if err != nil {
			t.Fatal(err)
		}
		store.Close()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadContents(dir); err == nil || !strings.Contains(err.Error(), "1,048,576 bytes") || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A torn line is cut off, however long it is.
func TestCutTorn(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""}, {"a", ""}, {"a\n", "a\n"}, {"a\nb", "a\n"}, {"a\n" + strings.Repeat("b", 200_000), "a\n"}, {strings.Repeat("b", 200_000), ""},
		{strings.Repeat("b", 200_000) + "\n", strings.Repeat("b", 200_000) + "\n"}, {"a\n" + strings.Repeat("b", 64<<10), "a\n"}, {"\n\n", "\n\n"},
	} {
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, []byte(c.text), 0o666); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := cutTorn(f); err != nil {
			t.Fatal(err)
		}
		f.Close()
		if got, _ := os.ReadFile(path); string(got) != c.want {
			t.Errorf("%.20q, %d bytes, is cut to %d, want %d", c.text, len(c.text), len(got), len(c.want))
		}
	}
}
