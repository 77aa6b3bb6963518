package onnx_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"glyph/cpu"
	"glyph/exchange/onnx"
	"glyph/models"
)

// A network is written as an ONNX graph that onnxruntime and other software
// runs. Here its weights are the initial ones; runs.Open has those of a training.
func Example() {
	spec := models.Spec{Model: "mlp", Hidden: []int{32}}
	b := cpu.New[float32](1)
	defer b.Close() //nolint:errcheck // a processor does not fail
	net, err := models.New(b, spec, 1)
	if err != nil {
		log.Fatal(err)
	}
	net.Init(1)
	weights, err := net.ReadWeights()
	if err != nil {
		log.Fatal(err)
	}

	// The graph takes pixels from 0 to 255 and normalises them itself:
	// x = (pixel - mean)·scale.
	mean, scale := []float32{0}, []float32{1 / 255.}
	model, err := onnx.Export(spec, weights, mean, scale)
	if err != nil {
		log.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // an example's
	path := filepath.Join(dir, "mlp.onnx")
	if err := os.WriteFile(path, onnx.Marshal(model), 0o666); err != nil {
		log.Fatal(err)
	}
	for _, n := range model.Graph.Nodes {
		fmt.Printf("%-9s %s -> %s\n", n.Op, n.Inputs[0], n.Outputs[0])
	}
	// Output:
	// Sub       image -> centred
	// Mul       centred -> normalised
	// Flatten   normalised -> flatten_1
	// Gemm      flatten_1 -> dense_1_z
	// Relu      dense_1_z -> dense_1
	// Gemm      dense_1 -> logits
	// Softmax   logits -> probabilities
}
