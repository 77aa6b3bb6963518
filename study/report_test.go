package study

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	dir := t.TempDir()
	c, _ := runIn(t, dir, tinyPlan(t, 2), Shard{})
	write := func() (text map[string]string) {
		a, err := Analyse(c, tiny())
		if err != nil {
			t.Fatal(err)
		}
		files, err := WriteReport(dir, a)
		if err != nil || len(files) != 2 {
			t.Fatalf("%v, %v", files, err)
		}
		figures, _ := filepath.Glob(filepath.Join(dir, figuresDir, "*"))
		text = map[string]string{}
		for _, f := range append(files, figures...) {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			text[filepath.Base(f)] = string(b)
		}
		return text
	}
	first := write()
	if len(first) != 2+4 {
		t.Errorf("%d files", len(first))
	}
	for name, text := range write() {
		if first[name] != text {
			t.Errorf("%s is another one the second time", name)
		}
	}
	md, html := first["report.md"], first["report.html"]
	for _, part := range []string{
		"| 12 | Analytical gradients match numerical ones | error below 1e-10 | **holds** |", "training images | 40 |",
		"too high: 2 of 2 trainings diverged", "because the data has too few training images: 400.", "](figures/images-norms.svg)", "| dense dx | 3.0e-13 |", "α = 0.05",
		"[Width](#width-width)", "| 8 − 4 |",
	} {
		if !strings.Contains(md, part) {
			t.Errorf("no %q in the Markdown", part)
		}
	}
	for _, part := range []string{`<a href="#width">`, `id="width"`, `class="verdict holds"`, "Analytical gradients match", "3.0e-13", `aria-label="Norms"`} {
		if !strings.Contains(html, part) {
			t.Errorf("no %q in the HTML", part)
		}
	}
	if n := strings.Count(html, "<svg"); n != 4 {
		t.Errorf("%d figures in the HTML", n)
	}
	if strings.Contains(html, "<?xml") {
		t.Error("a figure in the HTML has its prologue")
	}
	// Nothing that a browser would fetch.
	for _, fetched := range regexp.MustCompile(`(?i)(src|href)\s*=\s*["'][^#"'][^"']*|url\([^)]*\)|@import|<script|<link`).FindAllString(html, -1) {
		t.Errorf("the HTML fetches %s", fetched)
	}
	for name, text := range first {
		if strings.HasSuffix(name, ".svg") {
			d := xml.NewDecoder(strings.NewReader(text))
			for {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
		}
	}
}

// A report of a study that has only begun says what is missing, and decides
// nothing.
func TestReportOfNothing(t *testing.T) {
	p, dir := tinyPlan(t, 2), t.TempDir()
	store, err := OpenStore(dir, p)
	if err != nil {
		t.Fatal(err)
	}
	store.Close()
	a, err := Analyse(store.Contents, tiny())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range a.Findings {
		if f.Verdict != Undecided {
			t.Errorf("finding %d: %v", f.Number, f.Verdict)
		}
	}
	files, err := WriteReport(dir, a)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(files[0])
	for _, part := range []string{"trials have not run yet", "8 was not run", "gradients were not compared"} {
		if !strings.Contains(string(text), part) {
			t.Errorf("no %q", part)
		}
	}
}
