package models_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

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

// TestChannelsFirst looks at single numbers in both layouts.
func TestChannelsFirst(t *testing.T) {
	spec := models.Spec{Model: "cnn", Input: []int{4, 6, 2}, Filters: []int{3}, Units: []int{18}, Classes: 2}
	stages, err := spec.Plan()
	if err != nil {
		t.Fatal(err)
	}
	own := numbered(t, spec)
	other, err := models.ChannelsFirst(stages, own)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := other[0].Shape, []int{3, 2, 3, 3}; !slices.Equal(got, want) {
		t.Errorf("a convolution has %v, want %v", got, want)
	}
	for k := range 3 {
		for c := range 2 {
			for r := range 3 {
				for s := range 3 {
					if got, want := other[0].Data[((k*2+c)*3+r)*3+s], own[0].Data[((k*3+r)*3+s)*2+c]; got != want {
						t.Fatalf("weight %d %d %d %d is %v, want %v", k, c, r, s, got, want)
					}
				}
			}
		}
	}
	// What is flattened is 2×3 pixels of 3 channels.
	for u := range 18 {
		for p := range 6 {
			for c := range 3 {
				if got, want := other[2].Data[u*18+c*6+p], own[2].Data[u*18+p*3+c]; got != want {
					t.Fatalf("dense weight %d, pixel %d, channel %d is %v, want %v", u, p, c, got, want)
				}
			}
		}
	}
	for _, i := range []int{1, 3, 4, 5} { // biases, and the dense layer after that, which has as many inputs
		if !reflect.DeepEqual(own[i], other[i]) {
			t.Errorf("%s changed", own[i].Name)
		}
	}
	back, err := models.ChannelsLast(stages, other)
	if err != nil || !reflect.DeepEqual(back, own) {
		t.Errorf("back again it differs, %v", err)
	}
}

// TestPyTorchRoundTrip writes every preset for PyTorch and takes it back.
func TestPyTorchRoundTrip(t *testing.T) {
	for _, spec := range presetSpecs() {
		t.Run(spec.String(), func(t *testing.T) {
			own := numbered(t, spec)
			torch, err := models.ToPyTorch(spec, own)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "torch.safetensors")
			if err := models.SavePyTorch(path, spec, torch, map[string]string{"k": "v"}); err != nil {
				t.Fatal(err)
			}
			kept, w, err := models.LoadPyTorch(path)
			if err != nil || !reflect.DeepEqual(kept, spec.WithDefaults()) || w.Metadata["k"] != "v" {
				t.Fatalf("%v %v %v", kept, w.Metadata, err)
			}
			if !reflect.DeepEqual(w.Tensors, torch.Tensors) {
				t.Fatal("the tensors differ")
			}
			slices.Reverse(w.Tensors) // their order in the file says nothing
			got, err := models.FromPyTorch(spec, w.Tensors)
			if err != nil || !reflect.DeepEqual(got, own) {
				t.Errorf("back again it differs, %v", err)
			}
			if _, _, err := models.Load(path); err == nil || !strings.Contains(err.Error(), "glyph import") {
				t.Errorf("Load: %v", err)
			}
		})
	}
}

func TestToPyTorchModules(t *testing.T) {
	spec := models.Spec{Model: "kmnist-benchmark", Activation: "leaky-relu:0.2"}
	torch, err := models.ToPyTorch(spec, numbered(t, spec))
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

// TestFromPyTorchNames takes names that people give: by number, by shape, with
// prefixes, without biases.
func TestFromPyTorchNames(t *testing.T) {
	spec := models.Spec{Model: "mlp", Input: []int{2, 2, 1}, Hidden: []int{3, 3, 3}, Classes: 2}
	own := numbered(t, spec)
	torch, err := models.ToPyTorch(spec, own)
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
		got, err := models.FromPyTorch(spec, renamed(names...))
		if err != nil || !reflect.DeepEqual(got, own) {
			t.Errorf("%q: %v", names, err)
		}
	}
	without := slices.DeleteFunc(renamed("1", "2", "3", "4"), func(a models.NamedArray) bool { return a.Name == "2.bias" })
	got, err := models.FromPyTorch(spec, without)
	if err != nil || got[3].Name != "dense_2.bias" || !slices.Equal(got[3].Data, []float32{0, 0, 0}) {
		t.Errorf("without a bias: %+v %v", got, err)
	}
}

func TestFromPyTorchErrors(t *testing.T) {
	spec := models.Spec{Model: "mlp", Input: []int{2, 2, 1}, Hidden: []int{3}, Classes: 2}
	torch, err := models.ToPyTorch(spec, numbered(t, spec))
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
			_, err := models.FromPyTorch(spec, c.tensors)
			oneLine(t, err, c.want...)
		})
	}
	if _, err := models.FromPyTorch(models.Spec{Model: "vgg"}, torch.Tensors); err == nil {
		t.Error("an unknown model")
	}
	dir := t.TempDir()
	_, _, err = models.LoadPyTorch(filepath.Join(dir, "none"))
	oneLine(t, err, "no such file")
	_, _, err = models.LoadPyTorch(dir)
	oneLine(t, err, "no regular file")
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, bytes.Repeat([]byte("text "), 9), 0o666); err != nil {
		t.Fatal(err)
	}
	_, _, err = models.LoadPyTorch(text)
	oneLine(t, err, "header")
}
