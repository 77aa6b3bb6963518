package onnx

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// Unmarshal reads a file of the kind that Marshal writes. It is strict: a field
// that has no place in a Model is an error and not skipped, because what it
// stands for would be lost.
func Unmarshal(data []byte) (m Model, err error) {
	err = fields("model", data, func(f field) error {
		switch f.number {
		case 1:
			return f.integer(&m.IRVersion)
		case 2:
			return f.text(&m.Producer)
		case 3:
			return f.text(&m.ProducerVers)
		case 6:
			return f.text(&m.Doc)
		case 7:
			return f.message("graph", m.Graph.field)
		case 8:
			return f.message("opset", func(f field) error {
				if f.number != 2 {
					return f.unknown()
				}
				return f.integer(&m.Opset)
			})
		case 14:
			var e Entry
			err := f.message("metadata", func(f field) error {
				switch f.number {
				case 1:
					return f.text(&e.Key)
				case 2:
					return f.text(&e.Value)
				}
				return f.unknown()
			})
			m.Metadata = append(m.Metadata, e)
			return err
		}
		return f.unknown()
	})
	return m, err
}

// field is a field of a message as it stands in the file.
type field struct {
	of     string // the message
	number protowire.Number
	kind   protowire.Type
	bytes  []byte // of BytesType
	bits   uint64 // of the other types
}

// fields calls each with every field of a message.
func fields(of string, data []byte, each func(field) error) error {
	for len(data) > 0 {
		number, kind, n := protowire.ConsumeTag(data)
		if n < 0 {
			return fmt.Errorf("%s: %w", of, protowire.ParseError(n))
		}
		data = data[n:]
		f := field{of: of, number: number, kind: kind}
		switch kind {
		case protowire.VarintType:
			f.bits, n = protowire.ConsumeVarint(data)
		case protowire.Fixed32Type:
			var v uint32
			v, n = protowire.ConsumeFixed32(data)
			f.bits = uint64(v)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(data)
		default:
			return f.unknown()
		}
		if n < 0 {
			return fmt.Errorf("%s, field %d: %w", of, number, protowire.ParseError(n))
		}
		data = data[n:]
		if err := each(f); err != nil {
			return err
		}
	}
	return nil
}

func (f field) unknown() error {
	return fmt.Errorf("%s: field %d of wire type %d is not one that glyph writes", f.of, f.number, f.kind)
}

func (f field) integer(to *int64) error {
	if f.kind != protowire.VarintType {
		return f.unknown()
	}
	*to = int64(f.bits)
	return nil
}

func (f field) text(to *string) error {
	if f.kind != protowire.BytesType {
		return f.unknown()
	}
	*to = string(f.bytes)
	return nil
}

func (f field) texts(to *[]string) error {
	var s string
	err := f.text(&s)
	*to = append(*to, s)
	return err
}

func (f field) message(of string, each func(field) error) error {
	if f.kind != protowire.BytesType {
		return f.unknown()
	}
	return fields(of, f.bytes, each)
}

func (f field) integers(to *[]int64) error {
	if f.kind != protowire.BytesType {
		return f.unknown()
	}
	for data := f.bytes; len(data) > 0; {
		v, n := protowire.ConsumeVarint(data)
		if n < 0 {
			return fmt.Errorf("%s, field %d: %w", f.of, f.number, protowire.ParseError(n))
		}
		*to = append(*to, int64(v))
		data = data[n:]
	}
	return nil
}

func (g *Graph) field(f field) error {
	switch f.number {
	case 1:
		var n Node
		err := f.message("node", n.field)
		g.Nodes = append(g.Nodes, n)
		return err
	case 2:
		return f.text(&g.Name)
	case 5:
		var t Tensor
		err := f.message("tensor", t.field)
		g.Initializers = append(g.Initializers, t)
		return errors.Join(err, t.check())
	case 11, 12:
		var v Value
		err := f.message("value", v.field)
		if f.number == 11 {
			g.Inputs = append(g.Inputs, v)
		} else {
			g.Outputs = append(g.Outputs, v)
		}
		return err
	}
	return f.unknown()
}

func (n *Node) field(f field) error {
	switch f.number {
	case 1:
		return f.texts(&n.Inputs)
	case 2:
		return f.texts(&n.Outputs)
	case 3:
		return f.text(&n.Name)
	case 4:
		return f.text(&n.Op)
	case 5:
		var a Attribute
		err := f.message("attribute", a.field)
		n.Attributes = append(n.Attributes, a)
		return err
	}
	return f.unknown()
}

func (a *Attribute) field(f field) error {
	switch {
	case f.number == 1:
		return f.text(&a.Name)
	case f.number == 2 && f.kind == protowire.Fixed32Type:
		a.F = math.Float32frombits(uint32(f.bits))
		return nil
	case f.number == 3:
		return f.integer(&a.I)
	case f.number == 8:
		return f.integers(&a.Ints)
	case f.number == 20:
		var kind int64
		err := f.integer(&kind)
		a.Type = AttributeType(kind)
		return err
	}
	return f.unknown()
}

func (t *Tensor) field(f field) error {
	switch f.number {
	case 1:
		return f.integers(&t.Dims)
	case 2:
		var kind int64
		if err := f.integer(&kind); err != nil || kind != elemFloat {
			return fmt.Errorf("tensor: the data type %d is not float32", kind)
		}
		return nil
	case 8:
		return f.text(&t.Name)
	case 9:
		if f.kind != protowire.BytesType || len(f.bytes)%4 != 0 {
			return f.unknown()
		}
		t.Data = make([]float32, len(f.bytes)/4)
		for i := range t.Data {
			t.Data[i] = math.Float32frombits(binary.LittleEndian.Uint32(f.bytes[4*i:]))
		}
		return nil
	}
	return f.unknown()
}

// check tells whether the dimensions hold the numbers.
func (t Tensor) check() error {
	n := int64(1)
	for _, d := range t.Dims {
		if d < 0 || d > 0 && n > int64(len(t.Data))/d {
			return fmt.Errorf("tensor %q: %v dimensions for %d numbers", t.Name, t.Dims, len(t.Data))
		}
		n *= d
	}
	if n != int64(len(t.Data)) {
		return fmt.Errorf("tensor %q: %v dimensions for %d numbers", t.Name, t.Dims, len(t.Data))
	}
	return nil
}

func (v *Value) field(f field) error {
	switch f.number {
	case 1:
		return f.text(&v.Name)
	case 2:
		return f.message("type", func(f field) error {
			if f.number != 1 {
				return f.unknown()
			}
			return f.message("tensor type", v.tensorType)
		})
	case 3:
		return f.text(&v.Doc)
	}
	return f.unknown()
}

func (v *Value) tensorType(f field) error {
	switch f.number {
	case 1:
		var kind int64
		if err := f.integer(&kind); err != nil || kind != elemFloat {
			return fmt.Errorf("value %q: the data type %d is not float32", v.Name, kind)
		}
		return nil
	case 2:
		return f.message("shape", func(f field) error {
			if f.number != 1 {
				return f.unknown()
			}
			var d Dim
			err := f.message("dimension", func(f field) error {
				switch f.number {
				case 1:
					return f.integer(&d.Size)
				case 2:
					return f.text(&d.Name)
				}
				return f.unknown()
			})
			v.Dims = append(v.Dims, d)
			return err
		})
	}
	return f.unknown()
}
