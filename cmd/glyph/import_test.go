package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/exchange/safetensors"
	"glyph/kmnist"
	"glyph/models"
	"glyph/runs"
)

// savedNetwork writes weights as glyph train would, every bit of them at random
// but for what is not finite, with the metadata of a training.
func savedNetwork(t *testing.T, path string, spec models.Spec, metadata map[string]string) {
	t.Helper()
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // a processor does not fail
	net, err := models.New(b, spec, 1)
	if err != nil {
		t.Fatal(err)
	}
	arrays, err := net.ReadWeights()
	if err != nil {
		t.Fatal(err)
	}
	r := glyph.NewRand(11, glyph.StreamTest, 0)
	for _, a := range arrays {
		for i := range a.Data {
			for a.Data[i] = float32(math.NaN()); math.IsNaN(float64(a.Data[i])) || math.IsInf(float64(a.Data[i]), 0); {
				a.Data[i] = math.Float32frombits(uint32(r.Float64() * (1 << 32)))
			}
		}
		a.Data[0] = float32(math.Copysign(0, -1))
		if strings.HasSuffix(a.Name, ".running_var") { // of which none is negative
			for i, v := range a.Data {
				a.Data[i] = float32(math.Abs(float64(v)))
			}
		}
	}
	if err := net.SetWeights(arrays); err != nil {
		t.Fatal(err)
	}
	if err := safetensors.Save(path, net, metadata); err != nil {
		t.Fatal(err)
	}
}

// TestExportImportExact takes every preset to PyTorch's layout and back: the same
// weights to the bit, the same network, and the same metadata.
func TestExportImportExact(t *testing.T) {
	specs := []models.Spec{
		{Model: "mlp", Hidden: []int{5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5}, Activation: "leaky-relu:0.2", Dropout: []float64{0.5}, Init: "he-normal", L2: 1e-4},
		{Model: "cnn", Filters: []int{4, 4, 4}, Units: []int{36, 36, 36}, Activation: "tanh", Dropout: []float64{0, 0.1, 0, 0.5}},
	}
	for _, name := range models.PresetNames() {
		specs = append(specs, models.Spec{Model: name})
	}
	for _, spec := range specs {
		t.Run(spec.String(), func(t *testing.T) {
			root := t.TempDir()
			first, torch, back := filepath.Join(root, "a.safetensors"), filepath.Join(root, "torch.safetensors"), filepath.Join(root, "run")
			means := make([]float32, 784)
			scales := make([]float32, 784)
			for i := range means {
				means[i], scales[i] = float32(i)/7, 1/float32(i+3)
			}
			metadata := runs.Metadata{Data: "synthetic", Mean: means, Scale: scales, Seed: math.MaxUint64, Classes: kmnist.Characters()}.Map()
			savedNetwork(t, first, spec, metadata)
			if _, errOut, status := runGlyph(t, "export", first, "--pytorch", torch); status != 0 {
				t.Fatal(errOut)
			}
			if out, errOut, status := runGlyph(t, "import", torch, "--out", back); status != 0 || !strings.Contains(out, "normalised as the file specifies") {
				t.Fatalf("status %d: %s%s", status, out, errOut)
			}
			wasSpec, was, err := safetensors.Load(first)
			if err != nil {
				t.Fatal(err)
			}
			isSpec, is, err := safetensors.Load(filepath.Join(back, "last.safetensors"))
			if err != nil {
				t.Fatal(err)
			}
			if a, b := mustJSON(t, wasSpec), mustJSON(t, isSpec); a != b {
				t.Errorf("the network is %s, was %s", b, a)
			}
			if !maps.Equal(was.Metadata, is.Metadata) {
				t.Errorf("the metadata is %q, was %q", is.Metadata, was.Metadata)
			}
			for i, a := range was.Tensors {
				b := is.Tensors[i]
				if a.Name != b.Name || !slices.Equal(a.Shape, b.Shape) {
					t.Fatalf("%s %v is %s %v", a.Name, a.Shape, b.Name, b.Shape)
				}
				for j, v := range a.Data {
					if math.Float32bits(v) != math.Float32bits(b.Data[j]) {
						t.Fatalf("%s: number %d is %v, was %v", a.Name, j, b.Data[j], v)
					}
				}
			}
		})
	}
}

func mustJSON(t *testing.T, spec models.Spec) string {
	t.Helper()
	text, err := spec.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// torchMLP writes an MLP of 784-6-6-6-10 as PyTorch's users name it.
func torchMLP(t *testing.T, path string, names ...string) {
	t.Helper()
	var file safetensors.File
	shapes := [][]int{{6, 784}, {6, 6}, {6, 6}, {10, 6}}
	r := glyph.NewRand(12, glyph.StreamTest, 0)
	for i, shape := range shapes {
		w := models.NamedArray{Name: names[i] + ".weight", Shape: shape, Data: make([]float32, shape[0]*shape[1])}
		b := models.NamedArray{Name: names[i] + ".bias", Shape: shape[:1], Data: make([]float32, shape[0])}
		for _, a := range []models.NamedArray{w, b} {
			for j := range a.Data {
				a.Data[j] = float32(r.Normal())
			}
		}
		file.Tensors = append(file.Tensors, w, b)
	}
	slices.SortFunc(file.Tensors, func(a, b models.NamedArray) int { return strings.Compare(a.Name, b.Name) })
	var b bytes.Buffer
	if err := safetensors.Write(&b, file); err != nil {
		t.Fatal(err)
	}
	write(t, path, b.Bytes())
}

// TestImportOrder refuses to guess an order, shows the choice, and takes it from
// --order; numbered names need none.
func TestImportOrder(t *testing.T) {
	root := t.TempDir()
	words, numbers := filepath.Join(root, "words.safetensors"), filepath.Join(root, "numbered.safetensors")
	torchMLP(t, words, "layer_one", "layer_two", "layer_three", "out")
	torchMLP(t, numbers, "l1", "l2", "l3", "l4")
	network := []string{"--model", "mlp", "--hidden", "6,6,6", "--data", "synthetic"}
	refused := filepath.Join(root, "refused")
	out, errOut, status := runGlyph(t, append([]string{"import", words, "--out", refused}, network...)...)
	for _, part := range []string{
		"the order of layer_three and layer_two is unclear",
		"dense_2  6×6    layer_three or layer_two\n",
		"--order layer_three,layer_two or --order layer_two,layer_three\n",
	} {
		if status != 1 || out != "" || !strings.Contains(errOut, part) {
			t.Errorf("status %d, no %q in %s", status, part, errOut)
		}
	}
	if _, err := os.Stat(refused); err == nil {
		t.Error("what was refused left a directory")
	}
	var tensors [][]models.NamedArray
	for i, args := range [][]string{
		{numbers}, {words, "--order", "layer_two,layer_three"}, {words, "--order", "layer_one,layer_two,layer_three,out"},
	} {
		dir := filepath.Join(root, fmt.Sprint("run", i))
		out, errOut, status := runGlyph(t, append(append([]string{"import", "--out", dir}, args...), network...)...)
		if status != 0 || !strings.Contains(out, "dense_4  10×6   ") {
			t.Fatalf("%q: status %d: %s%s", args, status, out, errOut)
		}
		s, err := runs.OpenWeights(dir)
		if err != nil {
			t.Fatal(err)
		}
		tensors = append(tensors, s.Tensors)
	}
	for i, arrays := range tensors[1:] {
		for j, a := range arrays {
			if !slices.Equal(a.Data, tensors[0][j].Data) {
				t.Errorf("import %d: %s differs", i+1, a.Name)
			}
		}
	}
}

// TestImportTypes says what was converted.
func TestImportTypes(t *testing.T) {
	root := t.TempDir()
	for _, c := range []struct {
		dtype string
		one   any // 0.5, or 2 in integers
		want  string
	}{
		{"F16", uint16(0x3800), "converted to float32 from float16\n"},
		{"BF16", uint16(0x3f00), "converted to float32 from bfloat16\n"},
		{"F64", 0.5, "converted to float32 from float64, rounded to the nearest\n"},
		{"I8", int8(2), "converted to float32 from int8; if the network was quantised"},
		{"F8_E4M3", int8(2), ""},
	} {
		var data bytes.Buffer
		for range 7840 {
			binary.Write(&data, binary.LittleEndian, c.one) //nolint:errcheck // into memory
		}
		header := fmt.Sprintf(`{"fc.weight":{"dtype":%q,"shape":[10,784],"data_offsets":[0,%d]}}`, c.dtype, data.Len())
		path, dir := filepath.Join(root, c.dtype), filepath.Join(root, c.dtype+"run")
		write(t, path, slices.Concat(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), []byte(header), data.Bytes()))
		out, errOut, status := runGlyph(t, "import", path, "--model", "linear", "--data", "synthetic", "--out", dir)
		if c.want == "" {
			if status != 1 || !strings.Contains(errOut, `has the type "F8_E4M3", which is not one that is read`) {
				t.Errorf("%s: status %d: %s", c.dtype, status, errOut)
			}
			continue
		}
		if status != 0 || !strings.Contains(out, "1 tensor "+c.want) || !strings.Contains(out, "fc (no bias in the file: zeros)") {
			t.Errorf("%s: status %d: %s%s", c.dtype, status, out, errOut)
			continue
		}
		s, err := runs.OpenWeights(dir)
		if err != nil {
			t.Fatal(err)
		}
		want := float32(0.5)
		if c.dtype == "I8" {
			want = 2
		}
		if got := s.Tensors[0].Data; got[0] != want || got[7839] != want {
			t.Errorf("%s: %v", c.dtype, got[:2])
		}
	}
}

// TestImportOthers names what a file is that is not one to import.
func TestImportOthers(t *testing.T) {
	root := t.TempDir()
	path := filepath.Join(root, "model.pt")
	pickle := append([]byte("PK\x03\x04"), make([]byte, 22)...)
	pickle = append(pickle, "\x0e\x00\x00\x00model/data.pkl\x80\x02}q\x00."...)
	for _, c := range []struct {
		text  string
		wants []string
	}{
		{string(pickle), []string{"is a PyTorch checkpoint written by torch.save", "\nimport torch", "weights_only=True", "model.safetensors\")\n"}},
		{"<!DOCTYPE html><html><title>404", []string{"is not a safetensors file: it looks like an HTML page"}},
		{"\x93NUMPY\x01\x00v\x00{'descr': '<f4'", []string{"it looks like a NumPy array"}},
		{"\x08\x07\x12\x05glyph:\x03abc", []string{"it looks like an ONNX model"}},
		{"", []string{"is empty, and not a safetensors file"}},
	} {
		write(t, path, []byte(c.text))
		out, errOut, status := runGlyph(t, "import", path, "--model", "linear", "--out", filepath.Join(root, "run"))
		for _, want := range c.wants {
			if status != 1 || out != "" || !strings.Contains(errOut, want) {
				t.Errorf("status %d, no %q in %s%s", status, want, out, errOut)
			}
		}
	}
	nan := safetensors.File{Tensors: []models.NamedArray{{Name: "fc.weight", Shape: []int{10, 784}, Data: make([]float32, 7840)}}}
	nan.Tensors[0].Data[785] = float32(math.NaN())
	var b bytes.Buffer
	if err := safetensors.Write(&b, nan); err != nil {
		t.Fatal(err)
	}
	write(t, path, b.Bytes())
	_, errOut, status := runGlyph(t, "import", path, "--model", "linear", "--out", filepath.Join(root, "run"))
	if want := `tensor "fc.weight" has 1 number that is not finite, the first at [1 1] (NaN)`; status != 1 || !strings.Contains(errOut, want) {
		t.Errorf("status %d, no %q in %s", status, want, errOut)
	}
	if _, err := os.Stat(filepath.Join(root, "run")); err == nil {
		t.Error("what was refused left a run")
	}
}

// TestImportNetwork takes the network from the file or from the flags, and no
// flag is passed over.
func TestImportNetwork(t *testing.T) {
	root := t.TempDir()
	first, torch, bare := filepath.Join(root, "a.safetensors"), filepath.Join(root, "t.safetensors"), filepath.Join(root, "b.safetensors")
	savedNetwork(t, first, models.Spec{Model: "linear"}, runs.Metadata{Data: "synthetic", Mean: []float32{0}, Scale: []float32{1}}.Map())
	if _, errOut, status := runGlyph(t, "export", first, "--pytorch", torch); status != 0 {
		t.Fatal(errOut)
	}
	torchMLP(t, bare, "1", "2", "3", "4")
	for _, c := range []struct{ file, flags, want string }{
		{torch, "--l2 0.1", "says that it is linear; leave out --l2, or give --model and all its settings"},
		{torch, "--hidden 3", "leave out --hidden"},
		{torch, "--model mlp", "it holds a different network"},
		{torch, "--order x", `the order names "x", but the file has no tensor "x.weight"`},
		{bare, "", "does not say which network it is; give --model and its settings"},
		{bare, "--hidden 6,6,6", "does not say which network it is"},
		{bare, "--model mlp --hidden 6,6,6 --std 1e-300", "--std must be from 1e-06 to 1"},
		{bare, "--model mlp --hidden 6,6,6 --std nan", "--std must be"},
		{bare, "--model mlp --hidden 6,6,6 --mean 47.4", "--mean must be from 0 to 1"}, // of pixels from 0 to 255
		{bare, "--model mlp --hidden 6,6,6 --mean -inf", "--mean must be"},
		{bare, "--model mlp --hidden 6,6", "belongs to no layer: the file holds a different network"},
	} {
		args := append([]string{"import", c.file, "--out", filepath.Join(root, "run")}, strings.Fields(c.flags)...)
		_, errOut, status := runGlyph(t, args...)
		if status != 1 || !strings.Contains(errOut, c.want) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%s: status %d, no %q in %s", c.flags, status, c.want, errOut)
		}
	}
}

// TestImportOut writes into a new or an empty directory and no other, and what is
// in another stays as it is.
func TestImportOut(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "t.safetensors")
	torchMLP(t, file, "1", "2", "3", "4")
	importTo := func(dir string) (string, int) {
		_, errOut, status := runGlyph(t, "import", file, "--model", "mlp", "--hidden", "6,6,6", "--data", "synthetic", "--out", dir)
		return errOut, status
	}
	run := filepath.Join(root, "run")
	if errOut, status := importTo(run); status != 0 {
		t.Fatal(errOut)
	}
	if errOut, status := importTo(run); status != 1 || !strings.Contains(errOut, "already holds a run") {
		t.Errorf("over a run: status %d: %s", status, errOut)
	}
	if errOut, status := importTo(root); status != 1 || !strings.Contains(errOut, "holds files that are not a run's, such as run") {
		t.Errorf("into the midst of others: status %d: %s", status, errOut)
	}
	names, err := filepath.Glob(filepath.Join(root, "*"))
	if err != nil || len(names) != 2 {
		t.Errorf("the directory holds %q, %v", names, err)
	}
	if out, errOut, status := runGlyph(t, "runs", root); status != 0 || !strings.Contains(out, "run") {
		t.Errorf("status %d: %s%s", status, out, errOut)
	}
}
