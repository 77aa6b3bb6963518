package convert_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"glyph/exchange/onnx"
	"glyph/exchange/pytorch"
	"glyph/exchange/safetensors"
	"glyph/kmnist"
	"glyph/models"
	"glyph/runs"
	"glyph/runs/convert"
)

// old is a finished run of an earlier version.
const old = "../testdata/old/finished"

// A network goes to PyTorch and comes back as a run with the same weights.
func Example() {
	root, err := os.MkdirTemp("", "convert")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(root) //nolint:errcheck // in the system's temporary directory
	w, err := runs.OpenWeights(old)
	if err != nil {
		log.Fatal(err)
	}
	path := filepath.Join(root, "net.safetensors")
	program, err := convert.WritePyTorch(path, w)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("a program for PyTorch:", strings.Contains(program, "safe_open"))

	spec, file, err := pytorch.Load(path)
	if err != nil {
		log.Fatal(err)
	}
	imported, err := convert.Import{Spec: spec}.FromPyTorch(file)
	if err != nil {
		log.Fatal(err)
	}
	dir, err := runs.Create(filepath.Join(root, "run"))
	if err != nil {
		log.Fatal(err)
	}
	defer dir.Close()
	if err := imported.Write(dir); err != nil {
		log.Fatal(err)
	}
	run, err := runs.Open(dir.Path)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(run.State, run.Model)
	// Output:
	// a program for PyTorch: true
	// imported mlp
}

// linear is a file of another program's with the weights of one layer.
func linear() safetensors.File {
	return safetensors.File{Tensors: []models.NamedArray{{Name: "fc.weight", Shape: []int{10, 784}, Data: make([]float32, 7840)}}}
}

// The weights come back bit for bit, with all of the run's metadata.
func TestRoundTrip(t *testing.T) {
	w, err := runs.OpenWeights(old)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "net.safetensors")
	if _, err := convert.WritePyTorch(path, w); err != nil {
		t.Fatal(err)
	}
	spec, file, err := pytorch.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	imported, err := convert.Import{Spec: spec}.FromPyTorch(file)
	if err != nil || !imported.NormalisedByFile {
		t.Fatalf("%+v, %v", imported, err)
	}
	back := written(t, imported)
	if len(back.Tensors) != len(w.Tensors) || back.Data != filepath.Base(w.Data) || !slices.Equal(back.Mean, w.Mean) || !slices.Equal(back.Scale, w.Scale) || back.Seed != w.Seed {
		t.Errorf("%+v came back as %+v", w.Metadata, back.Metadata)
	}
	for i, a := range w.Tensors {
		if !slices.Equal(a.Data, back.Tensors[i].Data) {
			t.Errorf("%s is changed", a.Name)
		}
	}
}

// written is an imported run's weights.
func written(t *testing.T, imported *convert.Imported) *runs.Weights {
	t.Helper()
	dir, err := runs.Create(filepath.Join(t.TempDir(), "run"))
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	if err := imported.Write(dir); err != nil {
		t.Fatal(err)
	}
	w, err := runs.OpenWeights(dir.Path)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Where a file says nothing, the caller does: of pixels, of classes and of data.
func TestMetadata(t *testing.T) {
	i := convert.Import{Spec: models.Spec{Model: "linear"}, Data: "synthetic"}
	for _, c := range []struct {
		normalize   *convert.Normalize
		mean, scale float32
	}{{nil, 0, 1 / 255.}, {&convert.Normalize{Mean: 0.5, Std: 0.25}, 127.5, 1 / (255 * 0.25)}} {
		i.Normalize = c.normalize
		i.Classes = kmnist.Numbered(10)
		imported, err := i.FromPyTorch(linear())
		if err != nil || imported.NormalisedByFile {
			t.Fatalf("%+v, %v", imported, err)
		}
		w := written(t, imported)
		if w.Mean[0] != c.mean || w.Scale[0] != c.scale || w.Data != "synthetic" || !slices.Equal(w.Classes, kmnist.Numbered(10)) {
			t.Errorf("%+v", w.Metadata)
		}
	}
	i.Data = ""
	if _, err := i.FromPyTorch(linear()); err == nil {
		t.Error("a run without data is taken")
	}
}

// An ONNX graph has the run's metadata.
func TestONNX(t *testing.T) {
	w, err := runs.OpenWeights(old)
	if err != nil {
		t.Fatal(err)
	}
	text, err := convert.ONNX(w)
	if err != nil {
		t.Fatal(err)
	}
	m, err := onnx.Unmarshal(text)
	if err != nil || !slices.Contains(m.Metadata, onnx.Entry{Key: runs.DataKey, Value: filepath.Base(w.Data)}) {
		t.Errorf("%v: %v", m.Metadata, err)
	}
}
