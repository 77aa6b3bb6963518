package onnx

import (
	"fmt"

	"glyph"
	"glyph/models"
)

// builder appends nodes and the constants that they take.
type builder struct{ graph Graph }

// node appends an operator of these inputs, and returns its output.
func (b *builder) node(name, op string, inputs []string, out string, attributes ...Attribute) string {
	b.graph.Nodes = append(b.graph.Nodes, Node{Name: name, Op: op, Inputs: inputs, Outputs: []string{out}, Attributes: attributes})
	return out
}

// constant adds an initializer and returns its name.
func (b *builder) constant(name string, dims []int, data []float32) string {
	t := Tensor{Name: name, Data: data}
	for _, d := range dims {
		t.Dims = append(t.Dims, int64(d))
	}
	b.graph.Initializers = append(b.graph.Initializers, t)
	return name
}

func (b *builder) normalise(in glyph.Shape, mean, scale []float32) string {
	dims := []int{1}
	if len(mean) > 1 {
		dims = []int{1, in[2], in[0], in[1]}
		mean, scale = models.Transposed(mean, in[0]*in[1], in[2]), models.Transposed(scale, in[0]*in[1], in[2])
	}
	centred := b.node("centre", "Sub", []string{InputName, b.constant("mean", dims, mean)}, "centred")
	return b.node("scale", "Mul", []string{centred, b.constant("scale", dims, scale)}, "normalised")
}

// layer appends the nodes of a stage with these inputs and parameters. It returns the
// name of the output: out, or that of the input where the layer does nothing.
func (b *builder) layer(s models.Stage, inputs []string, params []models.NamedArray, out string) (string, error) {
	if _, ok := s.Layer.(models.Dropout); ok {
		if out == LogitsName {
			return "", fmt.Errorf("%s is the last layer, which ONNX export has no output for", s.Name)
		}
		return inputs[0], nil
	}
	o, err := operatorOf(s)
	if err != nil {
		return "", err
	}
	for _, p := range params {
		inputs = append(inputs, b.constant(p.Name, p.Shape, p.Data))
	}
	if o.flat {
		pooled := b.node(s.Name, o.op, inputs, s.Name+"_pooled", o.attributes...)
		return b.node(s.Name+"_flat", "Flatten", []string{pooled}, out, Attribute{Name: "axis", Type: Int, I: 1}), nil
	}
	if o.act.Kind == glyph.None {
		return b.node(s.Name, o.op, inputs, out, o.attributes...), nil
	}
	z := b.node(s.Name, o.op, inputs, s.Name+"_z", o.attributes...)
	return b.activation(s.Name+"_act", o.act, z, out)
}

// operator is what a layer is in ONNX.
type operator struct {
	op         string
	attributes []Attribute
	act        glyph.Activation // after it
	flat       bool             // its output is (N, C, 1, 1), and the layer's (N, C)
}

func operatorOf(s models.Stage) (operator, error) {
	switch l := s.Layer.(type) {
	case models.Flatten:
		return operator{op: "Flatten", attributes: []Attribute{{Name: "axis", Type: Int, I: 1}}}, nil
	case models.Dense:
		return operator{op: "Gemm", act: l.Activation, attributes: []Attribute{{Name: "transB", Type: Int, I: 1}}}, nil
	case models.Conv2D:
		return operator{op: "Conv", act: l.Activation, attributes: []Attribute{
			square("kernel_shape", l.Kernel, 2), square("strides", l.Conv.Stride, 2), square("pads", l.Conv.Pad, 4),
		}}, nil
	case models.MaxPool2D:
		return operator{op: "MaxPool", attributes: window(l.Pool)}, nil
	case models.AvgPool2D:
		return operator{op: "AveragePool", attributes: window(l.Pool)}, nil
	case models.GlobalPool2D:
		op := "GlobalAveragePool"
		if l.Pool == glyph.Maximum {
			op = "GlobalMaxPool"
		}
		return operator{op: op, flat: true}, nil
	case models.BatchNorm2D:
		return operator{op: "BatchNormalization", act: l.Activation, attributes: []Attribute{{Name: "epsilon", Type: Float, F: l.Norm.Eps}}}, nil
	case models.Add:
		return operator{op: "Add", act: l.Activation}, nil
	}
	return operator{}, fmt.Errorf("%s: there is no ONNX operator for a layer of the kind %s yet", s.Name, s.Layer.Kind())
}

func (b *builder) activation(name string, act glyph.Activation, in, out string) (string, error) {
	inputs := []string{in}
	switch act.Kind {
	case glyph.ReLU:
		return b.node(name, "Relu", inputs, out), nil
	case glyph.LeakyReLU:
		return b.node(name, "LeakyRelu", inputs, out, Attribute{Name: "alpha", Type: Float, F: act.Slope}), nil
	case glyph.Sigmoid:
		return b.node(name, "Sigmoid", inputs, out), nil
	case glyph.Tanh:
		return b.node(name, "Tanh", inputs, out), nil
	}
	return "", fmt.Errorf("%s: there is no ONNX operator for the activation %v yet", name, act)
}

func window(p glyph.Pool) []Attribute {
	return []Attribute{square("kernel_shape", p.Size, 2), square("strides", p.Stride, 2)}
}

// square is an attribute with a list of n equal integers.
func square(name string, v, n int) Attribute {
	a := Attribute{Name: name, Type: Ints}
	for range n {
		a.Ints = append(a.Ints, int64(v))
	}
	return a
}
