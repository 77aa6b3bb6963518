package onnx

import (
	"encoding/binary"
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"glyph/internal/message"
)

func (g *Graph) field(f field) error {
	switch f.number {
	case 1:
		if n := next(&g.Nodes); n != nil {
			return f.message("node", n.field)
		}
	case 2:
		return f.text(&g.Name)
	case 5:
		if t := next(&g.Initializers); t != nil {
			return t.read(f)
		}
	case 11:
		if v := next(&g.Inputs); v != nil {
			return f.message("value", v.field)
		}
	case 12:
		if v := next(&g.Outputs); v != nil {
			return f.message("value", v.field)
		}
	default:
		return f.unknown()
	}
	return f.tooMany()
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
		a := next(&n.Attributes)
		if a == nil {
			return f.tooMany()
		}
		if err := f.message("attribute", a.field); err != nil {
			return err
		}
		return a.check()
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
		return f.integers(&a.Ints, maxItems)
	case f.number == 20:
		var kind int64
		err := f.integer(&kind)
		if err == nil && kind != int64(Float) && kind != int64(Int) && kind != int64(Ints) {
			err = fmt.Errorf("attribute %s has the type %d, which is not one that glyph writes", message.Clip(a.Name), kind)
		}
		a.Type = AttributeType(kind)
		return err
	}
	return f.unknown()
}

// check reports whether the attribute has a value of its type and no other.
func (a *Attribute) check() error {
	if a.Type == 0 || a.Type != Float && math.Float32bits(a.F) != 0 || a.Type != Int && a.I != 0 || a.Type != Ints && a.Ints != nil {
		return fmt.Errorf("attribute %s of the type %d does not have just a value of that type", message.Clip(a.Name), a.Type)
	}
	return nil
}

// elemNames is TensorProto.DataType in words.
var elemNames = map[int64]string{
	1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64", 8: "text", 9: "bool", 10: "float16", 11: "float64",
	12: "uint32", 13: "uint64", 14: "complex64", 15: "complex128", 16: "bfloat16",
}

// elem reads the data type of the named value, which has to be float32.
func (f field) elem(what, name string) error {
	var kind int64
	if err := f.integer(&kind); err != nil || kind == elemFloat {
		return err
	}
	text, known := elemNames[kind]
	if !known {
		text = fmt.Sprintf("data type %d", kind)
	}
	return fmt.Errorf("%s %s is %s and not float32, which glyph writes", what, message.Clip(name), text)
}

// read reads a tensor and checks that its dimensions match its data.
func (t *Tensor) read(f field) error {
	typed, data := false, false
	err := f.message("tensor", func(f field) error {
		switch f.number {
		case 1:
			return f.integers(&t.Dims, maxRank)
		case 2:
			typed = true
			return f.elem("tensor", t.Name)
		case 8:
			return f.text(&t.Name)
		case 9:
			if f.kind != protowire.BytesType || len(f.bytes)%4 != 0 || data {
				return f.unknown()
			}
			data = true
			t.Data = make([]float32, len(f.bytes)/4)
			for i := range t.Data {
				t.Data[i] = math.Float32frombits(binary.LittleEndian.Uint32(f.bytes[4*i:]))
			}
			return nil
		}
		return f.unknown()
	})
	if err != nil {
		return err
	}
	if !typed {
		return fmt.Errorf("tensor %s has no data type", message.Clip(t.Name))
	}
	n := int64(1)
	for _, d := range t.Dims {
		if d < 0 || d > 0 && n > int64(len(t.Data))/d {
			n = -1
			break
		}
		n *= d
	}
	if n != int64(len(t.Data)) {
		return fmt.Errorf("tensor %s: the dimensions %v do not fit %s", message.Clip(t.Name), t.Dims, message.Count(len(t.Data), "number"))
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
		return f.elem("value", v.Name)
	case 2:
		return f.message("shape", func(f field) error {
			if f.number != 1 {
				return f.unknown()
			}
			if len(v.Dims) == maxRank {
				return fmt.Errorf("value %s has more than %d dimensions", message.Clip(v.Name), maxRank)
			}
			d := next(&v.Dims)
			return f.message("dimension", func(f field) error {
				switch f.number {
				case 1:
					return f.integer(&d.Size)
				case 2:
					return f.text(&d.Name)
				}
				return f.unknown()
			})
		})
	}
	return f.unknown()
}
