package onnx

// Versions that Export writes: the oldest that have what is needed, so that old
// runtimes read the file too. onnxruntime does since 1.7 (2021).
const (
	IRVersion = 7
	Opset     = 13 // Softmax over one axis
)

// Model is ModelProto, as far as it is used here.
type Model struct {
	IRVersion    int64
	Opset        int64 // of the default operator set
	Producer     string
	ProducerVers string
	Doc          string
	Metadata     []Entry // metadata_props, in order
	Graph        Graph
}

// Entry is StringStringEntryProto.
type Entry struct{ Key, Value string }

// Graph is GraphProto. Nodes are in an order in which they can be computed.
type Graph struct {
	Name         string
	Nodes        []Node
	Initializers []Tensor
	Inputs       []Value
	Outputs      []Value
}

// Node is NodeProto: an operator between named values.
type Node struct {
	Name            string
	Op              string
	Inputs, Outputs []string
	Attributes      []Attribute
}

// Attribute is AttributeProto of one of the types FLOAT, INT and INTS.
type Attribute struct {
	Name string
	Type AttributeType
	F    float32
	I    int64
	Ints []int64
}

// AttributeType is the enumeration of onnx.proto3.
type AttributeType int32

// The types of attributes that are used here.
const (
	Float AttributeType = 1
	Int   AttributeType = 2
	Ints  AttributeType = 7
)

// Tensor is TensorProto of float32 numbers, in row-major order.
type Tensor struct {
	Name string
	Dims []int64
	Data []float32
}

// Value is ValueInfoProto of a float32 tensor. A dimension is a number, or a name
// if it is free.
type Value struct {
	Name string
	Dims []Dim
	Doc  string
}

// Dim is TensorShapeProto.Dimension.
type Dim struct {
	Size int64
	Name string // of a free one
}

// elemFloat is TensorProto.DataType.FLOAT.
const elemFloat = 1

// Attribute is that attribute of the node, or the zero Attribute.
func (n Node) Attribute(name string) Attribute {
	for _, a := range n.Attributes {
		if a.Name == name {
			return a
		}
	}
	return Attribute{}
}
