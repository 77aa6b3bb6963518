package onnx

import (
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// Marshal encodes the model as a file. Field numbers are those of onnx.proto3
// (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3). Equal models give
// equal bytes.
func Marshal(m Model) []byte {
	var w writer
	w.integer(1, m.IRVersion)
	w.text(2, m.Producer)
	w.text(3, m.ProducerVers)
	w.text(6, m.Doc)
	w.message(7, func(w *writer) { w.graph(m.Graph) })
	w.message(8, func(w *writer) { w.integer(2, m.Opset) })
	for _, e := range m.Metadata {
		w.message(14, func(w *writer) {
			w.text(1, e.Key)
			w.text(2, e.Value)
		})
	}
	return w.b
}

// writer appends fields. A field with its default value is left out, as proto3
// does, except in lists.
type writer struct{ b []byte }

func (w *writer) integer(field protowire.Number, v int64) {
	if v != 0 {
		w.b = protowire.AppendTag(w.b, field, protowire.VarintType)
		w.b = protowire.AppendVarint(w.b, uint64(v))
	}
}

func (w *writer) text(field protowire.Number, s string) {
	if s != "" {
		w.item(field, s)
	}
}

// item is text that may be empty: an element of a list, where the empty name
// stands for an input left out.
func (w *writer) item(field protowire.Number, s string) {
	w.b = protowire.AppendTag(w.b, field, protowire.BytesType)
	w.b = protowire.AppendString(w.b, s)
}

func (w *writer) message(field protowire.Number, fill func(*writer)) {
	var inner writer
	fill(&inner)
	w.b = protowire.AppendTag(w.b, field, protowire.BytesType)
	w.b = protowire.AppendBytes(w.b, inner.b)
}

// integers is a packed list.
func (w *writer) integers(field protowire.Number, list []int64) {
	var packed []byte
	for _, v := range list {
		packed = protowire.AppendVarint(packed, uint64(v))
	}
	if len(list) > 0 {
		w.b = protowire.AppendTag(w.b, field, protowire.BytesType)
		w.b = protowire.AppendBytes(w.b, packed)
	}
}

func (w *writer) graph(g Graph) {
	for _, n := range g.Nodes {
		w.message(1, func(w *writer) { w.node(n) })
	}
	w.text(2, g.Name)
	for _, t := range g.Initializers {
		w.message(5, func(w *writer) { w.tensor(t) })
	}
	for _, v := range g.Inputs {
		w.message(11, func(w *writer) { w.value(v) })
	}
	for _, v := range g.Outputs {
		w.message(12, func(w *writer) { w.value(v) })
	}
}

func (w *writer) node(n Node) {
	for _, name := range n.Inputs {
		w.item(1, name)
	}
	for _, name := range n.Outputs {
		w.item(2, name)
	}
	w.text(3, n.Name)
	w.text(4, n.Op)
	for _, a := range n.Attributes {
		w.message(5, func(w *writer) { w.attribute(a) })
	}
}

func (w *writer) attribute(a Attribute) {
	w.text(1, a.Name)
	if a.Type == Float {
		w.b = protowire.AppendTag(w.b, 2, protowire.Fixed32Type)
		w.b = protowire.AppendFixed32(w.b, math.Float32bits(a.F))
	}
	w.integer(3, a.I)
	w.integers(8, a.Ints)
	w.integer(20, int64(a.Type))
}

func (w *writer) tensor(t Tensor) {
	w.integers(1, t.Dims)
	w.integer(2, elemFloat)
	w.text(8, t.Name)
	raw := make([]byte, 0, 4*len(t.Data))
	for _, v := range t.Data {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	w.b = protowire.AppendTag(w.b, 9, protowire.BytesType)
	w.b = protowire.AppendBytes(w.b, raw)
}

func (w *writer) value(v Value) {
	w.text(1, v.Name)
	w.message(2, func(w *writer) { // TypeProto
		w.message(1, func(w *writer) { // TypeProto.Tensor
			w.integer(1, elemFloat)
			w.message(2, func(w *writer) { // TensorShapeProto
				for _, d := range v.Dims {
					w.message(1, func(w *writer) {
						w.integer(1, d.Size)
						w.text(2, d.Name)
					})
				}
			})
		})
	})
	w.text(3, v.Doc)
}
