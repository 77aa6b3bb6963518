package safetensors_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"glyph/cpu"
	"glyph/exchange/safetensors"
	"glyph/models"
)

// A network is kept in a file that says itself what it is.
func Example() {
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // a processor does not fail
	net, err := models.New(b, models.Spec{Model: "mlp", Hidden: []int{32}}, 1)
	if err != nil {
		log.Fatal(err)
	}
	net.Init(1)
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // an example's
	path := filepath.Join(dir, "mlp.safetensors")
	if err := safetensors.Save(path, net, map[string]string{"note": "untrained"}); err != nil {
		log.Fatal(err)
	}

	spec, file, err := safetensors.Load(path)
	if err != nil {
		log.Fatal(err)
	}
	again, err := models.New(b, spec, 128)
	if err != nil {
		log.Fatal(err)
	}
	if err := again.SetWeights(file.Tensors); err != nil {
		log.Fatal(err)
	}
	fmt.Println(spec, file.Metadata["note"])
	for _, t := range file.Tensors {
		fmt.Println(t.Name, t.Shape)
	}
	// Output:
	// mlp 32, relu untrained
	// dense_1.weight [32 784]
	// dense_1.bias [32]
	// dense_2.weight [10 32]
	// dense_2.bias [10]
}
