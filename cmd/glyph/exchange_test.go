package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glyph/exchange/onnx"
	"glyph/exchange/safetensors"
	"glyph/models"
	"glyph/runs"
)

// TestExportImport takes a run to ONNX and to PyTorch's layout, and the latter
// back to a run with the same weights, which is evaluated and goes on.
func TestExportImport(t *testing.T) {
	data, root := tinyData(t), t.TempDir()
	dir, graph, torch := filepath.Join(root, "run"), filepath.Join(root, "a.onnx"), filepath.Join(root, "a.safetensors")
	if _, errOut, status := runGlyph(t, "train", "--data", data, "--model", "cnn", "--filters", "3,4", "--units", "6", "--epochs", "3",
		"--standardise", "pixel", "--backend", "cpu", "--report=false", "--out", dir); status != 0 {
		t.Fatal(errOut)
	}
	card := filepath.Join(root, "README.md")
	program, errOut, status := runGlyph(t, "export", dir, "--onnx", graph, "--pytorch", torch, "--card", card)
	if status != 0 || strings.Count(errOut, "wrote") != 3 {
		t.Fatalf("status %d: %s", status, errOut)
	}
	for _, file := range []string{graph, torch, card} {
		if bytes.Contains(read(t, file), []byte(filepath.Dir(root))) || bytes.Contains(read(t, file), []byte(filepath.Dir(data))) {
			t.Errorf("%s names a place on this machine", file)
		}
	}
	kept := read(t, card)
	if _, errOut, status := runGlyph(t, "export", dir, "--onnx", filepath.Join(root, "b.onnx"), "--card", card); status != 1 || !strings.Contains(errOut, "is there already; remove it, or choose another name") || !bytes.Equal(read(t, card), kept) {
		t.Errorf("a card is replaced: status %d, %s", status, errOut)
	}
	for _, part := range []string{"nn.Conv2d(1, 3, 3, stride=1, padding=1),", torch, `"glyph.mean", "glyph.scale"`} {
		if !strings.Contains(program, part) {
			t.Errorf("no %s in\n%s", part, program)
		}
	}
	m, err := onnx.Unmarshal(read(t, graph))
	if err != nil || m.Opset != onnx.Opset || m.IRVersion != onnx.IRVersion || len(m.Graph.Outputs) != 2 {
		t.Errorf("%+v, %v", m.Opset, err)
	}
	if dims := m.Graph.Initializers[0].Dims; len(dims) != 4 || dims[2] != 28 {
		t.Errorf("the mean of every pixel is %v", dims)
	}

	back := filepath.Join(root, "back")
	if out, errOut, status := runGlyph(t, "import", torch, "--data", data, "--out", back); status != 0 || !strings.Contains(out, "normalised as the file specifies") {
		t.Fatalf("status %d: %s%s", status, out, errOut)
	}
	before, err := runs.OpenWeights(dir)
	if err != nil {
		t.Fatal(err)
	}
	after, err := runs.OpenWeights(back)
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range before.Tensors {
		for j, v := range a.Data {
			if math.Float32bits(after.Tensors[i].Data[j]) != math.Float32bits(v) {
				t.Fatalf("%s %d is %v, was %v", a.Name, j, after.Tensors[i].Data[j], v)
			}
		}
	}
	var was, is map[string]any
	for run, to := range map[string]*map[string]any{dir: &was, back: &is} {
		out, errOut, status := runGlyph(t, "eval", run, "--backend", "cpu", "--json")
		if status != 0 {
			t.Fatal(errOut)
		}
		lastJSON(t, out, to)
	}
	if was["test_loss"] != is["test_loss"] || was["data"] != is["data"] {
		t.Errorf("evaluated %v, was %v", is, was)
	}
	if _, errOut, status := runGlyph(t, "train", "--weights", back, "--data", data, "--epochs", "1", "--backend", "cpu", "--report=false",
		"--standardise", "pixel", "--out", filepath.Join(root, "on")); status != 0 {
		t.Errorf("going on: %s", errOut)
	}
}

// TestImportNormalize takes a file that says nothing of itself: the network and
// the normalisation come from the command line.
func TestImportNormalize(t *testing.T) {
	root := t.TempDir()
	spec := models.Spec{Model: "linear"}
	weights := safetensors.File{Tensors: []models.NamedArray{{Name: "fc.weight", Shape: []int{10, 784}, Data: make([]float32, 7840)}}}
	for i := range weights.Tensors[0].Data {
		weights.Tensors[0].Data[i] = float32(i)
	}
	var b bytes.Buffer
	if err := safetensors.Write(&b, weights); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "t.safetensors")
	write(t, path, b.Bytes())
	for _, c := range []struct {
		flags       []string
		mean, scale float32
		says        string
	}{
		{nil, 0, 1 / 255., "transforms.ToTensor"},
		{[]string{"--mean", "0.5", "--std", "0.25"}, 127.5, 1 / (255 * 0.25), "minus 0.5, divided by 0.25"},
	} {
		dir := filepath.Join(root, "run"+strings.Join(c.flags, ""))
		out, errOut, status := runGlyph(t, append([]string{"import", path, "--model", "linear", "--out", dir}, c.flags...)...)
		if status != 0 || !strings.Contains(out, c.says) {
			t.Fatalf("status %d: %s%s", status, out, errOut)
		}
		s, err := runs.OpenWeights(dir)
		if err != nil {
			t.Fatal(err)
		}
		if s.Mean[0] != c.mean || s.Scale[0] != c.scale || s.Spec.String() != spec.String() || s.Tensors[0].Data[7839] != 7839 {
			t.Errorf("%v %v %v", s.Spec, s.Mean, s.Scale)
		}
	}
}

// TestPlotAndReport draws a run in both formats and writes its page.
func TestPlotAndReport(t *testing.T) {
	notShort(t)
	data, root := tinyData(t), t.TempDir()
	dir := filepath.Join(root, "run")
	if _, errOut, status := runGlyph(t, tinyTrain(data, dir, "--report=false", "--holdout", "0.25", "--epochs", "2")...); status != 0 {
		t.Fatal(errOut)
	}
	for _, format := range []string{"png", "svg"} {
		out, errOut, status := runGlyph(t, "plot", dir, "--format", format)
		if status != 0 {
			t.Fatal(errOut)
		}
		for _, name := range []string{"curves", "confusion", "mistakes", "filters", "classes"} {
			path := filepath.Join(dir, "plots", name+"."+format)
			if info, err := os.Stat(path); err != nil || info.Size() < 300 || !strings.Contains(out, path) {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
	if _, errOut, status := runGlyph(t, "report", dir); status != 0 {
		t.Fatal(errOut)
	}
	page := string(read(t, filepath.Join(dir, "report.html")))
	for _, part := range []string{"<svg", "data:image/png;base64,", "precision", "training images", "dense_1", "mlp", "<td>7</td>"} {
		if !strings.Contains(page, part) {
			t.Errorf("no %s in the report", part)
		}
	}
	for _, part := range []string{"<script src", "<link", "src=\"http", "href=\"http", "url(http"} {
		if strings.Contains(page, part) {
			t.Errorf("the report has %s", part)
		}
	}
	// A weights file alone has no history to draw.
	out, errOut, status := runGlyph(t, "plot", filepath.Join(dir, "last.safetensors"), "--out", filepath.Join(root, "alone"))
	if status != 0 || !strings.Contains(out, "no curves") {
		t.Errorf("status %d: %s%s", status, out, errOut)
	}
}
