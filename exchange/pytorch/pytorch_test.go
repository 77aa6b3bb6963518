package pytorch_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"glyph/exchange/pytorch"
	"glyph/exchange/safetensors"
	"glyph/models"
)

// numbered is the parameters of a network, every number different.
func numbered(t *testing.T, spec models.Spec) []models.NamedArray {
	t.Helper()
	stages, err := spec.Plan()
	if err != nil {
		t.Fatal(err)
	}
	var arrays []models.NamedArray
	next := float32(0)
	for _, s := range stages {
		for _, p := range s.Params {
			a := models.NamedArray{Name: s.Name + "." + p.Name, Shape: slices.Clone(p.Shape[:p.Shape.Rank()]), Data: make([]float32, p.Shape.Size())}
			for i := range a.Data {
				a.Data[i] = next
				next++
			}
			arrays = append(arrays, a)
		}
	}
	return arrays
}

// TestRoundTrip writes every preset for PyTorch and takes it back.
func TestRoundTrip(t *testing.T) {
	for _, spec := range presetSpecs() {
		t.Run(spec.String(), func(t *testing.T) {
			own := numbered(t, spec)
			torch, err := pytorch.Export(spec, own)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "torch.safetensors")
			if err := pytorch.Save(path, spec, torch, map[string]string{"k": "v"}); err != nil {
				t.Fatal(err)
			}
			kept, w, err := pytorch.Load(path)
			if err != nil || !reflect.DeepEqual(kept, spec.WithDefaults()) || w.Metadata["k"] != "v" {
				t.Fatalf("%v %v %v", kept, w.Metadata, err)
			}
			if !reflect.DeepEqual(w.Tensors, torch.Tensors) {
				t.Fatal("the tensors differ")
			}
			slices.Reverse(w.Tensors) // their order in the file says nothing
			got, err := pytorch.Import(spec, w.Tensors)
			if err != nil || !reflect.DeepEqual(got, own) {
				t.Errorf("back again it differs, %v", err)
			}
			if _, _, err := safetensors.Load(path); err == nil || !strings.Contains(err.Error(), "glyph import") {
				t.Errorf("Load: %v", err)
			}
		})
	}
}

func TestExportModules(t *testing.T) {
	spec := models.Spec{Model: "kmnist-benchmark", Activation: "leaky-relu:0.2"}
	torch, err := pytorch.Export(spec, numbered(t, spec))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"nn.Conv2d(1, 32, 3, stride=1, padding=0)", "nn.LeakyReLU(0.2)", "nn.Conv2d(32, 64, 3, stride=1, padding=0)", "nn.LeakyReLU(0.2)",
		"nn.MaxPool2d(2, stride=2)", "nn.Dropout(0.25)", "nn.Flatten()", "nn.Linear(9216, 128)", "nn.LeakyReLU(0.2)", "nn.Dropout(0.5)", "nn.Linear(128, 10)",
	}
	if !slices.Equal(torch.Modules, want) {
		t.Errorf("%q", torch.Modules)
	}
	var names []string
	for _, a := range torch.Tensors {
		names = append(names, a.Name)
	}
	if want := []string{"0.weight", "0.bias", "2.weight", "2.bias", "7.weight", "7.bias", "10.weight", "10.bias"}; !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
	text := torch.Python("a\"b.safetensors", spec.InputShape(), "m", "s")
	for _, part := range []string{`safe_open("a\"b.safetensors", "pt")`, "    nn.Linear(128, 10),", "# 10\n", "reshape(28, 28, 1)"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %s in\n%s", part, text)
		}
	}
}

// TestImportNames takes names that people give: by number, by shape, with
// prefixes, without biases.
func TestImportNames(t *testing.T) {
	spec := models.Spec{Model: "mlp", Input: []int{2, 2, 1}, Hidden: []int{3, 3, 3}, Classes: 2}
	own := numbered(t, spec)
	torch, err := pytorch.Export(spec, own)
	if err != nil {
		t.Fatal(err)
	}
	renamed := func(names ...string) []models.NamedArray {
		list := slices.Clone(torch.Tensors)
		for i := range list {
			_, last, _ := strings.Cut(list[i].Name, ".")
			list[i].Name = names[i/2] + "." + last
		}
		slices.SortFunc(list, func(a, b models.NamedArray) int { return strings.Compare(a.Name, b.Name) })
		return list
	}
	for _, names := range [][]string{
		{"fc1", "fc2", "fc3", "fc4"}, {"net.1", "net.9", "net.10", "net.11"}, {"first", "h1", "h2", "a"},
		{"layers.in", "layers.2.l", "layers.10.l", "head"},
	} {
		got, err := pytorch.Import(spec, renamed(names...))
		if err != nil || !reflect.DeepEqual(got, own) {
			t.Errorf("%q: %v", names, err)
		}
	}
	without := slices.DeleteFunc(renamed("1", "2", "3", "4"), func(a models.NamedArray) bool { return a.Name == "2.bias" })
	got, err := pytorch.Import(spec, without)
	if err != nil || got[3].Name != "dense_2.bias" || !slices.Equal(got[3].Data, []float32{0, 0, 0}) {
		t.Errorf("without a bias: %+v %v", got, err)
	}
}

func TestImportErrors(t *testing.T) {
	spec := models.Spec{Model: "mlp", Input: []int{2, 2, 1}, Hidden: []int{3}, Classes: 2}
	torch, err := pytorch.Export(spec, numbered(t, spec))
	if err != nil {
		t.Fatal(err)
	}
	with := func(change func([]models.NamedArray) []models.NamedArray) []models.NamedArray {
		list := slices.Clone(torch.Tensors)
		return change(list)
	}
	for _, c := range []struct {
		name    string
		tensors []models.NamedArray
		want    []string
	}{
		{"none", nil, []string{"no tensor left for dense_1"}},
		{"too few", torch.Tensors[:2], []string{"no tensor left for dense_2"}},
		{"a shape", with(func(l []models.NamedArray) []models.NamedArray {
			l[0] = models.NamedArray{Name: "1.weight", Shape: []int{4, 3}, Data: make([]float32, 12)}
			return l
		}), []string{"[3 4] of dense_1.weight", `"1.weight"`, "[4 3]"}},
		{"a bias's shape", with(func(l []models.NamedArray) []models.NamedArray {
			l[1] = models.NamedArray{Name: "1.bias", Shape: []int{2}, Data: make([]float32, 2)}
			return l
		}), []string{`"1.bias" is [2]`, "dense_1.bias", "[3]"}},
		{"too many", with(func(l []models.NamedArray) []models.NamedArray {
			return append(l, models.NamedArray{Name: "9.weight", Shape: []int{1}, Data: []float32{1}})
		}), []string{`"9.weight" has no place`}},
		{"batch normalisation", with(func(l []models.NamedArray) []models.NamedArray {
			return append(l, models.NamedArray{Name: "2.running_mean", Shape: []int{1}, Data: []float32{1}})
		}), []string{`"2.running_mean" is no weight or bias`}},
		{"a lone bias", with(func(l []models.NamedArray) []models.NamedArray { return l[1:] }), []string{"without a weight"}},
		{"twice", with(func(l []models.NamedArray) []models.NamedArray { return append(l, l[0]) }), []string{"twice"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := pytorch.Import(spec, c.tensors)
			oneLine(t, err, c.want...)
		})
	}
	if _, err := pytorch.Import(models.Spec{Model: "vgg"}, torch.Tensors); err == nil {
		t.Error("an unknown model")
	}
	dir := t.TempDir()
	_, _, err = pytorch.Load(filepath.Join(dir, "none"))
	oneLine(t, err, "no such file")
	_, _, err = pytorch.Load(dir)
	oneLine(t, err, "not a regular file")
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, bytes.Repeat([]byte("text "), 9), 0o666); err != nil {
		t.Fatal(err)
	}
	_, _, err = pytorch.Load(text)
	oneLine(t, err, "header")
}
