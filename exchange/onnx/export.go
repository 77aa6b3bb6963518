package onnx

import (
	"fmt"

	"glyph"
	"glyph/models"
)

// Names of the graph's inputs and outputs.
const (
	InputName         = "image"
	LogitsName        = "logits"
	ProbabilitiesName = "probabilities"
)

// Export is the network that spec describes, with these weights and this
// normalisation x = (pixel - mean)·scale: one element each, or one a pixel
// in the order (H, W, C). Dropout is left out, as in evaluation. Convolution
// weights become (K, C, R, S), and the first dense layer after a flatten takes
// its columns in the order (C, H, W), so that the graph has no transposition.
// It fails if the weights don't fit spec, or a layer has no ONNX operator.
func Export(spec models.Spec, arrays []models.NamedArray, mean, scale []float32) (Model, error) {
	spec = spec.WithDefaults()
	stages, err := spec.Plan()
	if err != nil {
		return Model{}, err
	}
	arrays, err = models.ChannelsFirst(stages, arrays)
	if err != nil {
		return Model{}, err
	}
	in := stages[0].In
	if len(mean) != len(scale) || (len(mean) != 1 && len(mean) != in.Size()) {
		return Model{}, fmt.Errorf("%d means and %d scales for images of %d pixels", len(mean), len(scale), in.Size())
	}
	text, err := spec.JSON()
	if err != nil {
		return Model{}, err
	}
	b := builder{value: InputName}
	b.graph.Name = spec.Model
	b.graph.Inputs = []Value{{InputName, []Dim{{Name: "N"}, {Size: int64(in[2])}, {Size: int64(in[0])}, {Size: int64(in[1])}},
		"pixel values, 0 black to 255 white, ink white"}}
	b.normalise(in, mean, scale)
	for i, s := range stages {
		last := i == len(stages)-1
		if err := b.layer(s, arrays, last); err != nil {
			return Model{}, err
		}
		arrays = arrays[len(s.Params):]
	}
	b.node("softmax", "Softmax", ProbabilitiesName, nil, Attribute{Name: "axis", Type: Int, I: 1})
	out := []Dim{{Name: "N"}, {Size: int64(spec.Classes)}}
	b.graph.Outputs = []Value{{LogitsName, out, ""}, {ProbabilitiesName, out, "softmax of the logits"}}
	return Model{
		IRVersion: IRVersion, Opset: Opset, Producer: "glyph",
		Doc:      spec.String(),
		Metadata: []Entry{{"glyph.spec", text}},
		Graph:    b.graph,
	}, nil
}

// builder appends nodes one after the other.
type builder struct {
	graph Graph
	value string // what the next node takes
}

// node appends an operator that takes the current value and more, and produces out.
func (b *builder) node(name, op, out string, more []string, attributes ...Attribute) {
	b.graph.Nodes = append(b.graph.Nodes, Node{
		Name: name, Op: op, Inputs: append([]string{b.value}, more...), Outputs: []string{out}, Attributes: attributes,
	})
	b.value = out
}

// constant adds an initializer and is its name.
func (b *builder) constant(name string, dims []int, data []float32) string {
	t := Tensor{Name: name, Data: data}
	for _, d := range dims {
		t.Dims = append(t.Dims, int64(d))
	}
	b.graph.Initializers = append(b.graph.Initializers, t)
	return name
}

func (b *builder) normalise(in glyph.Shape, mean, scale []float32) {
	dims := []int{1}
	if len(mean) > 1 {
		dims = []int{1, in[2], in[0], in[1]}
		mean, scale = models.Transposed(mean, in[0]*in[1], in[2]), models.Transposed(scale, in[0]*in[1], in[2])
	}
	b.node("centre", "Sub", "centred", []string{b.constant("mean", dims, mean)})
	b.node("scale", "Mul", "normalised", []string{b.constant("scale", dims, scale)})
}

// layer appends a stage, whose parameters are the first of arrays. The output of
// the last one is the logits.
func (b *builder) layer(s models.Stage, arrays []models.NamedArray, last bool) error {
	var inputs []string
	for i := range s.Params {
		inputs = append(inputs, b.constant(arrays[i].Name, arrays[i].Shape, arrays[i].Data))
	}
	act := glyph.Activation{}
	var attributes []Attribute
	op := ""
	switch l := s.Layer.(type) {
	case models.Dropout:
		if last {
			return fmt.Errorf("%s is the last layer, which ONNX export has no output for", s.Name)
		}
		return nil
	case models.Flatten:
		op, attributes = "Flatten", []Attribute{{Name: "axis", Type: Int, I: 1}}
	case models.Dense:
		op, act = "Gemm", l.Activation
		attributes = []Attribute{{Name: "transB", Type: Int, I: 1}}
	case models.Conv2D:
		op, act = "Conv", l.Activation
		attributes = []Attribute{square("kernel_shape", l.Kernel, 2), square("strides", l.Conv.Stride, 2), square("pads", l.Conv.Pad, 4)}
	case models.MaxPool2D:
		op = "MaxPool"
		attributes = []Attribute{square("kernel_shape", l.Pool.Size, 2), square("strides", l.Pool.Stride, 2)}
	default:
		return fmt.Errorf("%s: there is no ONNX operator for a layer of the kind %s yet", s.Name, s.Layer.Kind())
	}
	out := s.Name
	if last {
		out = LogitsName
	}
	if act.Kind == glyph.None {
		b.node(s.Name, op, out, inputs, attributes...)
		return nil
	}
	b.node(s.Name, op, s.Name+"_z", inputs, attributes...)
	return b.activation(s.Name+"_act", act, out)
}

func (b *builder) activation(name string, act glyph.Activation, out string) error {
	switch act.Kind {
	case glyph.ReLU:
		b.node(name, "Relu", out, nil)
	case glyph.LeakyReLU:
		b.node(name, "LeakyRelu", out, nil, Attribute{Name: "alpha", Type: Float, F: act.Slope})
	case glyph.Sigmoid:
		b.node(name, "Sigmoid", out, nil)
	case glyph.Tanh:
		b.node(name, "Tanh", out, nil)
	default:
		return fmt.Errorf("%s: there is no ONNX operator for the activation %v yet", name, act)
	}
	return nil
}

// square is a list of n equal integers.
func square(name string, v, n int) Attribute {
	a := Attribute{Name: name, Type: Ints}
	for range n {
		a.Ints = append(a.Ints, int64(v))
	}
	return a
}
