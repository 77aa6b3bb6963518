package onnx_test

import (
	"bytes"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"glyph"
	"glyph/cpu"
	"glyph/exchange/onnx"
	"glyph/models"
)

// specs is every preset and every activation, images that are not square, and
// several channels.
func specs() []models.Spec {
	list := []models.Spec{
		{Model: "mlp", Hidden: []int{20, 12}, Activation: "sigmoid", Dropout: []float64{0.5}},
		{Model: "mlp", Hidden: []int{20}, Activation: "none"},
		{Model: "cnn", Input: []int{12, 9, 1}, Filters: []int{3, 5}, Units: []int{11}, Activation: "tanh", Classes: 4},
		{Model: "cnn", Input: []int{9, 12, 3}, Filters: []int{4}, Units: []int{6, 5}, Activation: "leaky-relu:0.2"},
		{Model: "kmnist-benchmark", Input: []int{7, 8, 2}, Activation: "leaky-relu"},
		{Model: "linear", Input: []int{3, 2, 2}, Classes: 3},
		{Model: "vgg", Input: []int{9, 8, 2}, Filters: []int{3, 4}, Classes: 4},
		{Model: "vgg", Input: []int{9, 8, 1}, Filters: []int{3}, Norm: models.NormNone, Activation: "tanh"},
		{Model: "resnet", Input: []int{8, 9, 2}, Depth: 14, Width: 3, Dropout: []float64{0.2}, Activation: "leaky-relu:0.2"},
		{Model: "resnet", Input: []int{8, 9, 1}, Depth: 8, Width: 4, Shortcut: models.ShortcutNone},
		{Model: "resnet", Depth: 8, Width: 8},
	}
	for _, name := range models.PresetNames() {
		if name != "resnet" { // its default depth takes a while in plain loops
			list = append(list, models.Spec{Model: name})
		}
	}
	return list
}

// network is a network with random weights, biases and running statistics in
// float64, and its normalisation, for each pixel its own where asked.
func network(t *testing.T, spec models.Spec, perPixel bool) (cpu.Oracle, *models.Network, []float32, []float32) {
	t.Helper()
	b := cpu.NewOracle(1)
	t.Cleanup(func() { b.Close() }) //nolint:errcheck // a processor does not fail
	net, err := models.New(b, spec, 1)
	if err != nil {
		t.Fatal(err)
	}
	r := vary(t, net)
	n := 1
	if perPixel {
		n = net.Input(1).Size()
	}
	mean, scale := make([]float32, n), make([]float32, n)
	for i := range n {
		mean[i], scale[i] = float32(40+20*r.Float64()), float32(0.01+0.005*r.Float64())
	}
	return b, net, mean, scale
}

// vary gives a network random weights and vectors, and returns the numbers after.
func vary(t *testing.T, net *models.Network) *glyph.Rand {
	t.Helper()
	net.Init(1)
	arrays, err := net.ReadWeights()
	if err != nil {
		t.Fatal(err)
	}
	r := glyph.NewRand(3, glyph.StreamTest, 0)
	for _, a := range arrays {
		if len(a.Shape) != 1 {
			continue
		}
		for i := range a.Data {
			a.Data[i] = float32(r.Normal())
			if strings.HasSuffix(a.Name, ".running_var") {
				a.Data[i] = 0.5 + a.Data[i]*a.Data[i]
			}
		}
	}
	if err := net.SetWeights(arrays); err != nil {
		t.Fatal(err)
	}
	return r
}

// Layers that no preset has: average pooling, a sum with an activation, and values
// with several readers that are pooled, normalised and added.
func TestExportGraph(t *testing.T) {
	var g models.Graph
	norm := models.BatchNorm2D{Norm: glyph.BatchNorm{Eps: 0.01, Momentum: 0.1}}
	conv := models.Conv2D{Filters: 3, Kernel: 3, Conv: glyph.Conv{Stride: 1, Pad: 1}}
	image := g.Add(norm, models.Input)
	a := g.Add(conv, image)
	b := g.Add(norm, a)
	c := g.Add(models.Conv2D{Filters: 3, Kernel: 1, Conv: glyph.Conv{Stride: 1}, NoBias: true}, image)
	sum := g.Add(models.Add{Activation: glyph.Activation{Kind: glyph.Tanh}}, b, a)
	sum = g.Add(models.Add{}, sum, c)
	pooled := g.Add(models.AvgPool2D{Pool: glyph.Pool{Size: 2, Stride: 3}}, sum)
	flat := g.Add(models.Flatten{}, pooled)
	flat = g.Add(models.Add{}, flat, flat)
	flat = g.Add(models.Dropout{Rate: 0.5}, flat)
	g.Add(models.Dense{Units: 4}, flat)

	in := glyph.Shape{8, 9, 2}
	backend := cpu.NewOracle(1)
	defer backend.Close() //nolint:errcheck // a processor does not fail
	net, err := models.Build(backend, in, g, 1)
	if err != nil {
		t.Fatal(err)
	}
	vary(t, net)
	arrays, err := net.ReadWeights()
	if err != nil {
		t.Fatal(err)
	}
	mean, scale := []float32{100}, []float32{0.01}
	graph, err := onnx.GraphOf(net.Stages(), arrays, mean, scale)
	if err != nil {
		t.Fatal(err)
	}
	got, err := onnx.Unmarshal(onnx.Marshal(onnx.Model{Graph: graph}))
	if err != nil || !reflect.DeepEqual(got.Graph, graph) {
		t.Fatalf("the file reads as another graph: %v", err)
	}
	compare(t, backend, net, got, mean, scale)
}

// A normalisation that stands after a convolution is part of it, and one that
// stands before has its own node, under the name that it has in Glyph.
func TestExportFolds(t *testing.T) {
	for _, c := range []struct {
		spec models.Spec
		want []string
	}{
		{models.Spec{Model: "vgg", Filters: []int{2}}, nil},
		{models.Spec{Model: "resnet", Depth: 8, Width: 2}, []string{"batchnorm2d_1", "batchnorm2d_3", "batchnorm2d_5", "batchnorm2d_7"}},
	} {
		_, net, mean, scale := network(t, c.spec, false)
		arrays, err := net.ReadWeights()
		if err != nil {
			t.Fatal(err)
		}
		m, err := onnx.Export(c.spec, arrays, mean, scale)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, n := range m.Graph.Nodes {
			if n.Op == "BatchNormalization" {
				got = append(got, n.Name)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%v has %q, want %q", c.spec, got, c.want)
		}
	}
}

// TestExport holds the graph, written, read back and evaluated by the reference
// interpreter, to the network. Both compute in float64 from the same float32
// numbers, so what differs is the order of sums, and the normalisation, which
// the predictor rounds to float32: relative errors of 2⁻²⁴ in x, which the
// layers multiply by no more than some tens.
func TestExport(t *testing.T) {
	for _, spec := range specs() {
		for _, perPixel := range []bool{false, true} {
			t.Run(fmt.Sprintf("%v, input %v, a pixel %v", spec, spec.Input, perPixel), func(t *testing.T) {
				b, net, mean, scale := network(t, spec, perPixel)
				arrays, err := net.ReadWeights()
				if err != nil {
					t.Fatal(err)
				}
				want, err := onnx.Export(spec, arrays, mean, scale)
				if err != nil {
					t.Fatal(err)
				}
				file := onnx.Marshal(want)
				got, err := onnx.Unmarshal(file)
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(got, want) {
					t.Fatal("the file reads as another model")
				}
				if !bytes.Equal(onnx.Marshal(got), file) {
					t.Error("written again it is another file")
				}
				compare(t, b, net, got, mean, scale)
			})
		}
	}
}

func compare(t *testing.T, b glyph.Backend, net *models.Network, m onnx.Model, mean, scale []float32) {
	t.Helper()
	in := net.Input(1).Shape.Sample()
	const n = 2 // more than the network's batch
	pixels := make([]uint8, n*in.Size())
	image := newArray(n, in[2], in[0], in[1])
	r := glyph.NewRand(5, glyph.StreamTest, 1)
	for i := range pixels {
		pixels[i] = uint8(256 * r.Float64())
		at, c := i/in[2], i%in[2]
		sample, pixel := at/(in[0]*in[1]), at%(in[0]*in[1])
		image.data[(sample*in[2]+c)*in[0]*in[1]+pixel] = float64(pixels[i])
	}
	p, err := models.NewPredictor(b, net, mean, scale)
	if err != nil {
		t.Fatal(err)
	}
	want, err := p.Probabilities(pixels)
	if err != nil {
		t.Fatal(err)
	}
	values, err := evaluate(m.Graph, image)
	if err != nil {
		t.Fatal(err)
	}
	got := values[onnx.ProbabilitiesName]
	classes := net.Classes()
	if !slices.Equal(got.dims, []int{n, classes}) || !slices.Equal(values[onnx.LogitsName].dims, []int{n, classes}) {
		t.Fatalf("outputs of %v and %v", values[onnx.LogitsName].dims, got.dims)
	}
	most := 0.0
	for i, row := range want {
		for c, v := range row {
			most = max(most, math.Abs(got.data[i*classes+c]-v))
		}
	}
	t.Logf("largest difference %.2g", most)
	if !(most <= 1e-5) {
		t.Errorf("probabilities differ by %v", most)
	}
}

func TestExportErrors(t *testing.T) {
	spec := models.Spec{Model: "linear"}
	_, net, mean, scale := network(t, spec, false)
	arrays, err := net.ReadWeights()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		spec   models.Spec
		arrays []models.NamedArray
		mean   []float32
		want   string
	}{
		{"another network", models.Spec{Model: "mlp"}, arrays, mean, "weights of another network"},
		{"unknown model", models.Spec{Model: "squeezenet"}, arrays, mean, "unknown model"},
		{"no weights", spec, nil, mean, "there is no tensor dense_1.weight"},
		{"means", spec, arrays, []float32{1, 2}, "2 means and 1 scales"},
	} {
		if _, err := onnx.Export(c.spec, c.arrays, c.mean, scale); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// TestUnmarshalDamaged reads every beginning of a file, and the file with every
// byte changed: never a panic, and no beginning passes for the whole.
func TestUnmarshalDamaged(t *testing.T) {
	spec := models.Spec{Model: "linear", Input: []int{2, 1, 1}, Classes: 2}
	_, net, mean, scale := network(t, spec, false)
	arrays, _ := net.ReadWeights()
	m, err := onnx.Export(spec, arrays, mean, scale)
	if err != nil {
		t.Fatal(err)
	}
	file := onnx.Marshal(m)
	for n := range file {
		if got, err := onnx.Unmarshal(file[:n]); err == nil && reflect.DeepEqual(got, m) {
			t.Errorf("the first %d of %d bytes read as the whole", n, len(file))
		}
		changed := slices.Clone(file)
		changed[n] ^= 0x55
		onnx.Unmarshal(changed) //nolint:errcheck // some bytes are data
	}
	long := strings.Repeat("x", 1000)
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"nothing", nil, "is empty, and not an ONNX model"},
		{"text", []byte("no model"), "is not an ONNX model: it looks like plain text"},
		{"a page", []byte("<!doctype html><html>"), "it looks like an HTML page"},
		{"a checkpoint", []byte("PK\x03\x04" + strings.Repeat("\x00", 22) + "\x0a\x00\x00\x00t/data.pkl"), "PyTorch checkpoint"},
		{"noise", []byte("\xff\xfe\xfd\xfc"), "UTF-16"},
		{"no graph", []byte{0x08, 7}, "it has no graph"},
		{"an unknown field", append(slices.Clone(file), 0x78, 1), "field 15"},
		{"half precision", tensor([]byte{0x4a, 4, 0, 0, 0x80, 0x3f, 0x10, 10}), "is float16 and not float32"},
		{"a float64 tensor", tensor([]byte{0x4a, 4, 0, 0, 0x80, 0x3f, 0x10, 11}), "is float64 and not float32"},
		{"an unknown type", tensor([]byte{0x4a, 4, 0, 0, 0x80, 0x3f, 0x10, 99}), "is data type 99"},
		{"no type", tensor([]byte{0x4a, 4, 0, 0, 0x80, 0x3f}), "has no data type"},
		{"data twice", tensor([]byte{0x4a, 4, 0, 0, 0x80, 0x3f, 0x4a, 4, 0, 0, 0x80, 0x3f, 0x10, 1}), "field 9"},
		{"too few numbers", tensor([]byte{0x4a, 4, 0, 0, 0x80, 0x3f, 0x10, 1, 0x0a, 1, 9}), "the dimensions [9] do not fit 1 number"},
		{"negative dimensions", tensor([]byte{0x4a, 0, 0x10, 1, 0x0a, 10, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1}), "the dimensions [-1]"},
		{"many dimensions", tensor(append([]byte{0x10, 1, 0x0a, 17}, make([]byte, 17)...)), "more than 16 integers"},
		{"a long name", graph(0x2a, append(append([]byte{0x42, 0xe8, 7}, long...), 0x10, 11)), "is float64"},
		{"a name that is not UTF-8", graph(0x2a, []byte{0x42, 1, 0xff}), "field 8 is not UTF-8"},
		{"an attribute of a graph", graph(0x0a, []byte{0x2a, 3, 0xa0, 1, 5}), "has the type 5"},
		{"an attribute of two types", graph(0x0a, []byte{0x2a, 5, 0xa0, 1, 1, 0x18, 3}), "just a value of that type"},
		{"too many nodes", graph(0, bytes.Repeat([]byte{0x0a, 0}, 1<<16+1)), "more than 65,536 of field 1"},
	} {
		_, err := onnx.Unmarshal(c.file)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") || len(err.Error()) > 300 {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// tensor is a model with one initializer of these fields.
func tensor(fields []byte) []byte { return graph(0x2a, fields) }

// graph is a model whose graph has a field, as tag and content, or the content
// alone with the tag 0.
func graph(tag byte, content []byte) []byte {
	g := content
	if tag != 0 {
		g = protowire.AppendBytes([]byte{tag}, content)
	}
	return append([]byte{0x08, 7}, protowire.AppendBytes([]byte{0x3a}, g)...)
}

// FuzzUnmarshal never panics, says what is wrong in one short line, and reads back
// what Marshal makes of a model that it read.
func FuzzUnmarshal(f *testing.F) {
	for _, spec := range []models.Spec{
		{Model: "cnn", Input: []int{4, 4, 1}, Filters: []int{2}, Units: []int{3}, Activation: "leaky-relu:0.2", Classes: 2},
		{Model: "resnet", Input: []int{4, 4, 1}, Depth: 8, Width: 1, Classes: 2},
	} {
		net, err := models.New(cpu.NewOracle(1), spec, 1)
		if err != nil {
			f.Fatal(err)
		}
		arrays, err := net.ReadWeights()
		if err != nil {
			f.Fatal(err)
		}
		m, err := onnx.Export(spec, arrays, []float32{1}, []float32{2})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(onnx.Marshal(m))
	}
	f.Add(tensor([]byte{0x4a, 4, 0, 0, 0x80, 0x3f, 0x10, 1, 0x0a, 1, 1}))
	f.Add(graph(0x0a, []byte{0x2a, 5, 0xa0, 1, 1, 0x18, 3}))
	f.Add(graph(0x5a, []byte{0x12, 4, 0x0a, 2, 0x08, 1}))
	f.Add([]byte("<html>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := onnx.Unmarshal(data)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r\x1b") || len(err.Error()) > 500 {
				t.Errorf("the error is not one short line: %q", err)
			}
			return
		}
		once := onnx.Marshal(m)
		again, err := onnx.Unmarshal(once)
		if err != nil {
			t.Fatalf("what was read can't be read again: %v", err)
		}
		if !bytes.Equal(onnx.Marshal(again), once) {
			t.Error("reading and writing again changes the file")
		}
	})
}
