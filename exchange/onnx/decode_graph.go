package onnx

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

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
