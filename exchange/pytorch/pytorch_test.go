package pytorch_test

import (
	"bytes"
	"errors"
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
			got, _, err := pytorch.Import(spec, w.Tensors, nil)
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
		got, _, err := pytorch.Import(spec, renamed(names...), nil)
		if err != nil || !reflect.DeepEqual(got, own) {
			t.Errorf("%q: %v", names, err)
		}
	}
	without := slices.DeleteFunc(renamed("1", "2", "3", "4"), func(a models.NamedArray) bool { return a.Name == "2.bias" })
	got, assigned, err := pytorch.Import(spec, without, nil)
	if err != nil || got[3].Name != "dense_2.bias" || !slices.Equal(got[3].Data, []float32{0, 0, 0}) {
		t.Errorf("without a bias: %+v %v", got, err)
	}
	if table := pytorch.Table(assigned); !strings.Contains(table, "dense_2  3×3  2 (no bias in the file: zeros)\n") {
		t.Errorf("the table is\n%s", table)
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
		{"none", nil, []string{"dense_1 takes a weight of 3×4", "with weights of none"}},
		{"too few", torch.Tensors[:2], []string{"dense_2 takes a weight of 2×3", "with weights of 3×4"}},
		{"a shape", with(func(l []models.NamedArray) []models.NamedArray {
			l[0] = models.NamedArray{Name: "1.weight", Shape: []int{4, 3}, Data: make([]float32, 12)}
			return l
		}), []string{"dense_1 takes a weight of 3×4", "4×3, 2×3"}},
		{"a bias's shape", with(func(l []models.NamedArray) []models.NamedArray {
			l[1] = models.NamedArray{Name: "1.bias", Shape: []int{2}, Data: make([]float32, 2)}
			return l
		}), []string{`"1.bias" is [2]`, "dense_1.bias", "[3]"}},
		{"too many", with(func(l []models.NamedArray) []models.NamedArray {
			return append(l, models.NamedArray{Name: "9.weight", Shape: []int{1}, Data: []float32{1}})
		}), []string{`"9.weight" of 1 belongs to no layer`}},
		{"batch normalisation", with(func(l []models.NamedArray) []models.NamedArray {
			return append(l, models.NamedArray{Name: "2.running_mean", Shape: []int{1}, Data: []float32{1}})
		}), []string{`"2.running_mean" is a running mean without a running variance`}},
		{"a lone bias", with(func(l []models.NamedArray) []models.NamedArray { return l[1:] }), []string{"without a weight"}},
		{"twice", with(func(l []models.NamedArray) []models.NamedArray { return append(l, l[0]) }), []string{"twice"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := pytorch.Import(spec, c.tensors, nil)
			oneLine(t, err, c.want...)
		})
	}
	if _, _, err := pytorch.Import(models.Spec{Model: "squeezenet"}, torch.Tensors, nil); err == nil {
		t.Error("an unknown model")
	}
}

func TestLoadErrors(t *testing.T) {
	dir := t.TempDir()
	_, _, err := pytorch.Load(filepath.Join(dir, "none"))
	oneLine(t, err, "no such file")
	_, _, err = pytorch.Load(dir)
	oneLine(t, err, "not a regular file")
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, bytes.Repeat([]byte("text "), 9), 0o666); err != nil {
		t.Fatal(err)
	}
	_, _, err = pytorch.Load(text)
	oneLine(t, err, "it looks like plain text")
	pickle := filepath.Join(dir, "model.pt")
	zip := append([]byte("PK\x03\x04"), make([]byte, 22)...)
	zip = append(zip, "\x0e\x00\x00\x00model/data.pkl\x80\x02}q\x00."...)
	if err := os.WriteFile(pickle, zip, 0o666); err != nil {
		t.Fatal(err)
	}
	_, _, err = pytorch.Load(pickle)
	oneLine(t, err, pickle, "torch.save")
	if !errors.Is(err, pytorch.ErrPickle) {
		t.Errorf("%v is not ErrPickle", err)
	}
}

func TestFromPickle(t *testing.T) {
	text := pytorch.FromPickle("a \"b\"/m\n.x.pt")
	for _, part := range []string{`torch.load("a \"b\"/m\u000a.x.pt", `, `}, "a \"b\"/m\u000a.x.safetensors")`, "weights_only=True"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %s in\n%s", part, text)
		}
	}
	if got := pytorch.FromPickle("\xff\\お😀\U000e0001"); !strings.Contains(got, `"\udcff\\お😀\U000e0001"`) {
		t.Errorf("%s", got)
	}
}
