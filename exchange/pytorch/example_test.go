package pytorch_test

import (
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"glyph/cpu"
	"glyph/exchange/pytorch"
	"glyph/exchange/safetensors"
	"glyph/models"
)

// writeState writes the state_dict of a module with linear layers, as
// safetensors.torch.save_file does.
func writeState(path string, layers ...models.NamedArray) {
	f, err := os.Create(path)
	if err == nil {
		err = errors.Join(safetensors.Write(f, safetensors.File{Tensors: layers}), f.Close())
	}
	if err != nil {
		log.Fatal(err)
	}
}

// linear is the weight of an nn.Linear.
func linear(name string, in, out int) models.NamedArray {
	return models.NamedArray{Name: name + ".weight", Shape: []int{out, in}, Data: make([]float32, out*in)}
}

// A network that was trained in PyTorch becomes one of Glyph.
func Example() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // an example's
	path := filepath.Join(dir, "net.safetensors")
	writeState(path, linear("fc1", 784, 64), linear("fc2", 64, 64), linear("fc3", 64, 64), linear("fc4", 64, 10))

	_, file, err := pytorch.Load(path)
	if err != nil {
		log.Fatal(err)
	}
	spec := models.Spec{Model: "mlp", Hidden: []int{64, 64, 64}}
	weights, layers, err := pytorch.Import(spec, file.Tensors, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(pytorch.Table(layers))

	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // a processor does not fail
	net, err := models.New(b, spec, 128)
	if err != nil {
		log.Fatal(err)
	}
	if err := net.SetWeights(weights); err != nil {
		log.Fatal(err)
	}
	// Output:
	// dense_1  64×784  fc1 (no bias in the file: zeros)
	// dense_2  64×64   fc2 (no bias in the file: zeros)
	// dense_3  64×64   fc3 (no bias in the file: zeros)
	// dense_4  10×64   fc4 (no bias in the file: zeros)
}

// Names without numbers do not tell which of two layers of one size comes first.
func ExampleImport_order() {
	tensors := []models.NamedArray{linear("first", 784, 64), linear("second", 64, 64), linear("third", 64, 64), linear("last", 64, 10)}
	spec := models.Spec{Model: "mlp", Hidden: []int{64, 64, 64}}

	_, _, err := pytorch.Import(spec, tensors, nil)
	var unknown *pytorch.OrderError
	if errors.As(err, &unknown) {
		fmt.Println(unknown.Open())
	}
	_, layers, err := pytorch.Import(spec, tensors, []string{"second", "third"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(layers[2].Layer, "is", layers[2].Modules[0])
	// Output:
	// [second third]
	// dense_3 is third
}

// A network becomes a file and a program for PyTorch.
func ExampleExport() {
	spec := models.Spec{Model: "cnn", Filters: []int{8}, Units: []int{16}}
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // a processor does not fail
	net, err := models.New(b, spec, 1)
	if err != nil {
		log.Fatal(err)
	}
	weights, err := net.ReadWeights()
	if err != nil {
		log.Fatal(err)
	}
	torch, err := pytorch.Export(spec, weights)
	if err != nil {
		log.Fatal(err)
	}
	for i, m := range torch.Modules {
		fmt.Println(i, m)
	}
	for _, t := range torch.Tensors {
		fmt.Println(t.Name, t.Shape)
	}
	// Output:
	// 0 nn.Conv2d(1, 8, 3, stride=1, padding=1)
	// 1 nn.ReLU()
	// 2 nn.MaxPool2d(2, stride=2)
	// 3 nn.Flatten()
	// 4 nn.Dropout(0.25)
	// 5 nn.Linear(1568, 16)
	// 6 nn.ReLU()
	// 7 nn.Dropout(0.25)
	// 8 nn.Linear(16, 10)
	// 0.weight [8 1 3 3]
	// 0.bias [8]
	// 5.weight [16 1568]
	// 5.bias [16]
	// 8.weight [10 16]
	// 8.bias [10]
}
