package pytorch_test

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"glyph/exchange/pytorch"
	"glyph/exchange/safetensors"
	"glyph/models"
)

// FuzzImport takes any safetensors file and any order for a network: never a
// panic, an error is one short line, and what is imported is exported as the
// tensors that were in the file.
func FuzzImport(f *testing.F) {
	cnn := models.Spec{Model: "cnn", Input: []int{4, 4, 1}, Filters: []int{2, 2}, Units: []int{2, 2}, Classes: 2}
	vgg := models.Spec{Model: "vgg", Input: []int{4, 4, 1}, Filters: []int{2}, Classes: 2}
	spec := cnn
	seed := func(order string, change func(*safetensors.File), names ...string) {
		_, torch := named(f, spec, names...)
		file := safetensors.File{Tensors: torch}
		change(&file)
		var b bytes.Buffer
		if err := safetensors.Write(&b, file); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes(), order)
	}
	as := func(*safetensors.File) {}
	seed("", as, "c1", "c2", "l1", "l2", "l3")                                    // numbers
	seed("", as, "conv_one", "conv_two", "layer_one", "layer_two", "layer_three") // words
	seed("layer_one,layer_two,layer_three", as, "0", "3", "layer_one", "layer_two", "layer_three")
	seed("out,out", as, "0", "3", "7", "9", "out")
	seed("", as, "5", "4", "3", "2", "1")
	seed("", func(w *safetensors.File) { w.Tensors = w.Tensors[2:] }, "0", "3", "7", "9", "11")
	seed("", func(w *safetensors.File) { w.Tensors[0].Data[0] = float32(math.NaN()) }, "0", "3", "7", "9", "11")
	seed("", func(w *safetensors.File) { w.Tensors[0].Shape = nil; w.Tensors[0].Data = []float32{1} }, "0", "3", "7", "9", "11")
	seed("", func(w *safetensors.File) { w.Tensors[0].Name = "0.running_mean\x1b[2J" }, "0", "3", "7", "9", "11")
	spec = vgg
	seed("", as, "0", "1", "3", "4", "7")
	seed("", as, "conv1", "bn1", "conv2", "bn2", "fc")
	seed("bn_b,bn_a", as, "conv1", "bn_a", "conv2", "bn_b", "fc")
	seed("", func(w *safetensors.File) { // a bias that goes into a running mean
		w.Tensors = append(w.Tensors, models.NamedArray{Name: "0.bias", Shape: []int{2}, Data: []float32{1, 2}})
	}, "0", "1", "3", "4", "7")
	seed("", func(w *safetensors.File) { // without affine parameters, and a counter
		w.Tensors = slices.DeleteFunc(w.Tensors, func(a models.NamedArray) bool { return a.Name == "1.weight" || a.Name == "1.bias" })
		w.Tensors = append(w.Tensors, models.NamedArray{Name: "1.num_batches_tracked", Data: []float32{7}})
	}, "0", "1", "3", "4", "7")
	f.Fuzz(func(t *testing.T, file []byte, order string) {
		w, err := safetensors.Read(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			return
		}
		var names []string
		if order != "" {
			names = strings.Split(order, ",")
		}
		for _, spec := range []models.Spec{cnn, vgg} {
			importAny(t, spec, w.Tensors, names)
		}
	})
}

// importAny holds Import to what it promises of any tensors.
func importAny(t *testing.T, spec models.Spec, tensors []models.NamedArray, order []string) {
	arrays, layers, err := pytorch.Import(spec, tensors, order)
	if err != nil {
		if strings.ContainsAny(err.Error(), "\n\r\x1b") || len(err.Error()) > 1000 {
			t.Errorf("the error is not one short line: %q", err)
		}
		var unknown *pytorch.OrderError
		if errors.As(err, &unknown) && strings.Count(pytorch.Table(unknown.Layers), "\n") != len(unknown.Layers) {
			t.Errorf("the table is\n%s", pytorch.Table(unknown.Layers))
		}
		return
	}
	exported, err := pytorch.Export(spec, arrays)
	if err != nil {
		t.Fatal(err)
	}
	layer, before := -1, ""
	for _, a := range exported.Tensors {
		number, last, _ := strings.Cut(a.Name, ".")
		if number != before {
			layer, before = layer+1, number
		}
		l := layers[layer]
		name := strings.TrimPrefix(l.Modules[0]+"."+last, ".")
		at := slices.IndexFunc(tensors, func(b models.NamedArray) bool { return b.Name == name || b.Name == "."+name })
		missing := at < 0 && (last == "bias" && !l.Bias || last == "weight" && l.Note != "")
		moved := last == "running_mean" && slices.ContainsFunc(layers, func(o pytorch.Assignment) bool { return strings.HasSuffix(o.Note, " of "+l.Layer) })
		if missing || moved {
			continue
		}
		if at < 0 || !slices.Equal(tensors[at].Shape, a.Shape) || !slices.Equal(tensors[at].Data, a.Data) {
			t.Errorf("%s comes from %s and is not the same", a.Name, name)
		}
	}
}
