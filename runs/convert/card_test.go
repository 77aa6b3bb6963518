package convert_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glyph/exchange/onnx"
	"glyph/runs"
	"glyph/runs/convert"
	"glyph/train"
)

// fields reads the YAML of a card: the entries of its first level, and of those the items.
func fields(t *testing.T, card string) (map[string][]string, string) {
	t.Helper()
	head, body, ok := strings.Cut(strings.TrimPrefix(card, "---\n"), "\n---\n")
	if !ok || !strings.HasPrefix(card, "---\n") {
		t.Fatalf("no fields in\n%s", card)
	}
	entries, key := map[string][]string{}, ""
	for line := range strings.Lines(head + "\n") {
		line = strings.TrimRight(line, "\n")
		if item, ok := strings.CutPrefix(line, "- "); ok {
			if text := ""; json.Unmarshal([]byte(item), &text) == nil {
				item = text
			}
			entries[key] = append(entries[key], item)
		} else if line[0] != ' ' && line[0] != '#' {
			var value string
			if key, value, ok = strings.Cut(line, ":"); !ok {
				t.Fatalf("%q", line)
			}
			entries[key] = nil
			if value != "" {
				entries[key] = []string{strings.TrimSpace(value)}
			}
		}
	}
	return entries, body
}

// A model card has the fields that Hugging Face reads, the figures of the summary and the
// settings that acted, and no licence and no path.
func TestCard(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "old|<run>")
	if err := os.CopyFS(dir, os.DirFS("../testdata/old/finished")); err != nil {
		t.Fatal(err)
	}
	w, err := runs.OpenWeights(dir)
	if err != nil {
		t.Fatal(err)
	}
	s, err := w.Summary()
	if err != nil {
		t.Fatal(err)
	}
	c, err := convert.NewCard(w, "/some/place/model.onnx")
	if err != nil {
		t.Fatal(err)
	}
	text := string(c.Text())
	head, body := fields(t, text)
	for key, want := range map[string]string{
		"library_name": "onnx", "pipeline_tag": "image-classification", "tags": "image-classification glyph mlp onnx",
		"datasets": "data", "metrics": "accuracy f1", "model-index": `name: "old|<run>"`,
	} {
		if got := strings.Join(head[key], " "); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if _, there := head["license"]; there || !strings.Contains(text, "\n# license: ") {
		t.Error("a licence was chosen")
	}
	first := train.ClassScores(s.Confusion)[0]
	for _, want := range []string{
		fmt.Sprintf("value: %v\n", s.TestAccuracy), fmt.Sprintf("accuracy %.2f %% (", 100*s.TestAccuracy), "# old\\|&lt;run>\n",
		fmt.Sprintf("| %d | %.1f (", first.Images, 100*first.Precision.Value), `InferenceSession("model.onnx")`, "| lr | ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "/nosuch") || strings.Contains(text, "/some") || strings.Contains(body, "weight-decay") {
		t.Errorf("a path, or a setting that did not act, in\n%s", text)
	}
}

// A weights file alone has no results, and a card all the same. The names of its classes
// are in the ONNX file, by label.
func TestCardOfAFile(t *testing.T) {
	w, err := runs.OpenWeights("../testdata/old/finished/last.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	c, err := convert.NewCard(w, "")
	if err != nil {
		t.Fatal(err)
	}
	text := string(c.Text())
	head, _ := fields(t, text)
	if _, there := head["model-index"]; there || c.Name() != "last" || strings.Contains(text, "## Use") {
		t.Errorf("%s", text)
	}
	file, err := convert.ONNX(w)
	if err != nil {
		t.Fatal(err)
	}
	m, err := onnx.Unmarshal(file)
	var names []string
	for _, e := range m.Metadata {
		if e.Key == convert.ClassNamesKey {
			err = json.Unmarshal([]byte(e.Value), &names)
		}
	}
	if err != nil || len(names) != 10 || names[3] != w.ClassNames()[3].String() {
		t.Errorf("%q, %v", names, err)
	}
}

// Of a summary whose counts can't be there is no card.
func TestCardOfDamage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if err := os.CopyFS(dir, os.DirFS("../testdata/old/finished")); err != nil {
		t.Fatal(err)
	}
	w, err := runs.OpenWeights(dir)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, runs.SummaryFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for what, confusion := range map[string]func(m [][]int) [][]int{
		"no matrix":      func([][]int) [][]int { return nil },
		"a missing row":  func(m [][]int) [][]int { return m[1:] },
		"a short row":    func(m [][]int) [][]int { return append([][]int{{1}}, m[1:]...) },
		"an image more":  func(m [][]int) [][]int { m[0][0]++; return m },
		"less than none": func(m [][]int) [][]int { m[0][0] += m[0][1] + 1; m[0][1] = -1; return m },
	} {
		var s map[string]any
		var matrix struct {
			Confusion [][]int `json:"confusion"`
		}
		if err := json.Unmarshal(text, &s); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &matrix); err != nil {
			t.Fatal(err)
		}
		s["confusion"] = confusion(matrix.Confusion)
		changed, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, changed, 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := convert.NewCard(w, ""); err == nil || !strings.Contains(err.Error(), "confusion matrix") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
