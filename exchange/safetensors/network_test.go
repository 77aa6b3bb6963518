package safetensors_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/exchange/safetensors"
	"glyph/models"
)

func save(t testing.TB, net *models.Network, metadata map[string]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "weights.safetensors")
	if err := safetensors.Save(path, net, metadata); err != nil {
		t.Fatal(err)
	}
	return path
}

// A network comes back from its file alone, with the same bits and the same
// logits.
func TestSaveAndLoad(t *testing.T) {
	for _, spec := range small {
		b := cpu.New[float32](1)
		defer b.Close()
		net := newNet(t, b, spec, 2)
		if err := net.SetWeights(varied(t, net)); err != nil {
			t.Fatal(err)
		}
		extra := map[string]string{"classes": "おきす", "seed": "1"}
		path := save(t, net, extra)

		loaded, weights, err := safetensors.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(loaded, net.Spec) {
			t.Errorf("spec %+v comes back as %+v", net.Spec, loaded)
		}
		for k, v := range extra {
			if weights.Metadata[k] != v {
				t.Errorf("metadata %q comes back as %q, not %q", k, weights.Metadata[k], v)
			}
		}
		if keys := slices.Sorted(maps.Keys(weights.Metadata)); !slices.Equal(keys, []string{"classes", "glyph.format", "glyph.spec", "seed"}) {
			t.Errorf("metadata keys %q", keys)
		}
		back, err := models.New(b, loaded, 3)
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(weights.Tensors) // names decide, not the order
		if err := back.SetWeights(weights.Tensors); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(read(t, b, net.W), read(t, b, back.W)) {
			t.Errorf("%s: the weights come back with other bits", spec.Model)
		}
		x := make([]float32, net.Input(2).Size())
		for i, v := range normal(len(x), 1) {
			x[i] = float32(v)
		}
		b.Write(net.Input(2), x)
		b.Write(back.Input(2), x)
		if !slices.Equal(read(t, b, net.Forward(2, false)), read(t, b, back.Forward(2, false))) {
			t.Errorf("%s: the network that came back has other logits", spec.Model)
		}
	}
}

// varied is the weights of a network with every vector other than its initial
// value, so that biases and running statistics can't be taken for each other.
func varied(t testing.TB, net *models.Network) []models.NamedArray {
	t.Helper()
	arrays, err := net.ReadWeights()
	if err != nil {
		t.Fatal(err)
	}
	r := glyph.NewRand(3, glyph.StreamTest, 0)
	for _, a := range arrays {
		if len(a.Shape) == 1 {
			for i := range a.Data {
				a.Data[i] = float32(0.5 + r.Float64())
			}
		}
	}
	return arrays
}

// Running statistics lie in the file under PyTorch's names. A file without them is
// refused: the network would normalise by statistics that nothing has measured.
func TestRunningStatistics(t *testing.T) {
	net := newNet(t, oracle(t), models.Spec{Model: "vgg", Input: []int{4, 4, 1}, Filters: []int{2}}, 1)
	arrays := varied(t, net)
	if err := net.SetWeights(arrays); err != nil {
		t.Fatal(err)
	}
	path := save(t, net, nil)
	_, file, err := safetensors.Load(path)
	if err != nil || !reflect.DeepEqual(file.Tensors, arrays) {
		t.Fatalf("%v, %v", file.Tensors, err)
	}
	for _, name := range []string{"batchnorm2d_1.running_mean", "batchnorm2d_2.running_var"} {
		at := func(a models.NamedArray) bool { return a.Name == name }
		if !slices.ContainsFunc(arrays, at) {
			t.Errorf("no %s", name)
		}
		bad := edit(t, path, func(w *safetensors.File) { w.Tensors = slices.DeleteFunc(w.Tensors, at) })
		_, _, err := safetensors.Load(bad)
		oneLine(t, err, bad, "no tensor "+name)
	}
}

func TestSaveIsDeterministic(t *testing.T) {
	b := oracle(t)
	var files [][]byte
	for range 2 {
		net := newNet(t, b, small[2], 1)
		text, err := os.ReadFile(save(t, net, map[string]string{"b": "1", "a": "2", "c": "3"}))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, text)
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("the same weights make two files")
	}
}

func TestSaveErrors(t *testing.T) {
	b := oracle(t)
	net := newNet(t, b, small[0], 1)
	path := filepath.Join(t.TempDir(), "w")
	oneLine(t, safetensors.Save(path, net, map[string]string{"glyph.spec": "mine"}), "glyph.spec")
	oneLine(t, safetensors.Save(path, net, map[string]string{"x": "\xff"}), "UTF-8")
	own, err := models.Build(b, glyph.Shape{4}, models.Chain(models.Dense{Units: 2}), 1)
	if err != nil {
		t.Fatal(err)
	}
	oneLine(t, safetensors.Save(path, own, nil), "not built from a spec")
	if _, err := os.Stat(path); err == nil {
		t.Error("an error left a file")
	}
}

// edit reads a weights file, changes it and writes it to another.
func edit(t *testing.T, path string, change func(*safetensors.File)) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := safetensors.Read(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	change(&w)
	to := filepath.Join(t.TempDir(), "edited")
	if err := os.WriteFile(to, encode(t, w), 0o666); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestLoadErrors(t *testing.T) {
	b := oracle(t)
	path := save(t, newNet(t, b, models.Spec{Model: "mlp", Hidden: []int{6}}, 1), nil)
	for _, c := range []struct {
		change func(*safetensors.File)
		want   string
	}{
		{func(w *safetensors.File) { w.Metadata = nil }, "not written by glyph train"},
		{func(w *safetensors.File) { w.Metadata["glyph.format"] = "2" }, `format "2"`},
		{func(w *safetensors.File) { w.Metadata["glyph.spec"] = `{"model":"mlp","hidden":[0]}` }, "hidden must be at least 1"},
		{func(w *safetensors.File) { w.Metadata["glyph.spec"] = "x\ny" }, "not the JSON"},
		{func(w *safetensors.File) { w.Metadata["glyph.spec"] = `{"model":"mlp","hidden":[7]}` }, "tensor dense_1.weight is [6 784] and not [7 784]"},
		{func(w *safetensors.File) { w.Metadata["glyph.spec"] = `{"model":"cnn"}` }, "no tensor conv2d_1.weight"},
		{func(w *safetensors.File) { w.Tensors = w.Tensors[:3] }, "no tensor dense_2.bias"},
		{func(w *safetensors.File) { w.Tensors = w.Tensors[1:] }, "no tensor dense_1.weight"},
		{func(w *safetensors.File) { w.Tensors[0].Shape = []int{784, 6} }, "dense_1.weight is [784 6]"},
		{func(w *safetensors.File) {
			w.Tensors = append(w.Tensors, models.NamedArray{Name: "more", Data: []float32{1}})
		}, `"more" belongs to no layer`},
	} {
		bad := edit(t, path, c.change)
		_, _, err := safetensors.Load(bad)
		oneLine(t, err, bad, c.want)
	}

	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{4, 8, 100, len(text) / 2, len(text) - 1} {
		if err := os.WriteFile(path, text[:n], 0o666); err != nil {
			t.Fatal(err)
		}
		_, _, err := safetensors.Load(path)
		oneLine(t, err, path, "truncated")
	}
	for _, c := range []struct{ text, want string }{
		{"", "is empty, and not a safetensors file"},
		{"<!DOCTYPE html><html>404", "it looks like an HTML page"},
		{"PK\x03\x04" + strings.Repeat("\x00", 22) + "\x0a\x00\x00\x00t/data.pkl" + strings.Repeat("Z", 90), "it looks like a PyTorch checkpoint"},
		{"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "Git LFS pointer"},
		{"\x89HDF\r\n\x1a\n" + strings.Repeat("\x00", 90), "HDF5"},
	} {
		if err := os.WriteFile(path, []byte(c.text), 0o666); err != nil {
			t.Fatal(err)
		}
		_, _, err := safetensors.Load(path)
		oneLine(t, err, path, "not a safetensors file", c.want)
	}
	_, _, err = safetensors.Load(filepath.Join(t.TempDir(), "nothing"))
	oneLine(t, err, "no such file")
	_, _, err = safetensors.Load(t.TempDir())
	oneLine(t, err, "not a regular file")
}
