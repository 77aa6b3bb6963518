package models_test

import (
	"bytes"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"glyph"
	"glyph/cpu"
	"glyph/models"
)

func save(t testing.TB, net *models.Sequential, metadata map[string]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "weights.safetensors")
	if err := models.Save(path, net, metadata); err != nil {
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
		extra := map[string]string{"classes": "おきす", "seed": "1"}
		path := save(t, net, extra)

		loaded, weights, err := models.Load(path)
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
	oneLine(t, models.Save(path, net, map[string]string{"glyph.spec": "mine"}), "glyph.spec")
	oneLine(t, models.Save(path, net, map[string]string{"x": "\xff"}), "UTF-8")
	own, err := models.Build(b, glyph.Shape{4}, []models.Layer{models.Dense{Units: 2}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	oneLine(t, models.Save(path, own, nil), "not built from a spec")
	if _, err := os.Stat(path); err == nil {
		t.Error("an error left a file")
	}
}

// edit reads a weights file, changes it and writes it to another.
func edit(t *testing.T, path string, change func(*models.Weights)) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := models.ReadSafetensors(bytes.NewReader(text), int64(len(text)))
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
		change func(*models.Weights)
		want   string
	}{
		{func(w *models.Weights) { w.Metadata = nil }, "not written by glyph"},
		{func(w *models.Weights) { w.Metadata["glyph.format"] = "2" }, `format "2"`},
		{func(w *models.Weights) { w.Metadata["glyph.spec"] = `{"model":"mlp","hidden":[0]}` }, "hidden sizes must be at least 1"},
		{func(w *models.Weights) { w.Metadata["glyph.spec"] = "x\ny" }, "no JSON"},
		{func(w *models.Weights) { w.Metadata["glyph.spec"] = `{"model":"mlp","hidden":[7]}` }, "tensor dense_1.weight is [6 784] and not [7 784]"},
		{func(w *models.Weights) { w.Metadata["glyph.spec"] = `{"model":"cnn"}` }, "no tensor conv2d_1.weight"},
		{func(w *models.Weights) { w.Tensors = w.Tensors[:3] }, "no tensor dense_2.bias"},
		{func(w *models.Weights) { w.Tensors = w.Tensors[1:] }, "no tensor dense_1.weight"},
		{func(w *models.Weights) { w.Tensors[0].Shape = []int{784, 6} }, "dense_1.weight is [784 6]"},
		{func(w *models.Weights) {
			w.Tensors = append(w.Tensors, models.NamedArray{Name: "more", Data: []float32{1}})
		}, `"more" has no place`},
	} {
		bad := edit(t, path, c.change)
		_, _, err := models.Load(bad)
		oneLine(t, err, bad, c.want)
	}

	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 4, 8, 100, len(text) / 2, len(text) - 1} {
		if err := os.WriteFile(path, text[:n], 0o666); err != nil {
			t.Fatal(err)
		}
		_, _, err := models.Load(path)
		oneLine(t, err, path, "truncated")
	}
	_, _, err = models.Load(filepath.Join(t.TempDir(), "nothing"))
	oneLine(t, err, "no such file")
	_, _, err = models.Load(t.TempDir())
	oneLine(t, err, "no regular file")
}

func TestSetWeightsErrors(t *testing.T) {
	b := oracle(t)
	net := newNet(t, b, small[1], 1)
	before := read(t, b, net.W)
	good, err := net.ReadWeights()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		change func([]models.NamedArray) []models.NamedArray
		want   string
	}{
		{func(a []models.NamedArray) []models.NamedArray { return a[1:] }, "no tensor dense_1.weight"},
		{func(a []models.NamedArray) []models.NamedArray { return append(a, a[0]) }, `"dense_1.weight" is there twice`},
		{func(a []models.NamedArray) []models.NamedArray { a[3].Shape = []int{6}; return a }, "dense_2.bias is [6] and not [5]"},
		{func(a []models.NamedArray) []models.NamedArray { a[3].Data = a[3].Data[1:]; return a }, "dense_2.bias"},
		{func(a []models.NamedArray) []models.NamedArray { a[3].Name = "other"; return a }, "no tensor dense_2.bias"},
	} {
		arrays := slices.Clone(good)
		arrays[0].Data = []float32{float32(math.NaN())}
		arrays[0].Data = slices.Repeat(arrays[0].Data, len(good[0].Data))
		oneLine(t, net.SetWeights(c.change(arrays)), c.want)
	}
	if !slices.Equal(before, read(t, b, net.W)) {
		t.Error("weights that do not fit change the network")
	}
}
