package onnx

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"

	"glyph/internal/filetype"
	"glyph/internal/message"
)

// Limits on a file, so that what is allocated is in proportion to its size.
const (
	maxItems = 1 << 16 // nodes, tensors and so on, of each
	maxRank  = 16      // dimensions of a tensor
)

// Unmarshal reads a file of the kind that Marshal writes. It is strict: a field
// that a Model cannot hold is an error and is not skipped, because its meaning
// would be lost. The error is one short line, and says what the file looks like if
// it is not ONNX.
func Unmarshal(data []byte) (Model, error) {
	m, err := unmarshal(data)
	if what := filetype.Describe(data); err != nil && what != "" && what != filetype.ONNX {
		return Model{}, errors.New(filetype.Mismatch(filetype.ONNX, data))
	}
	return m, err
}

func unmarshal(data []byte) (m Model, err error) {
	graph := false
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
			graph = true
			return f.message("graph", m.Graph.field)
		case 8:
			return f.message("opset", func(f field) error {
				if f.number != 2 {
					return f.unknown()
				}
				return f.integer(&m.Opset)
			})
		case 14:
			e := next(&m.Metadata)
			if e == nil {
				return f.tooMany()
			}
			return f.message("metadata", e.field)
		}
		return f.unknown()
	})
	if err == nil && !graph {
		err = errors.New("model: it has no graph")
	}
	return m, err
}

func (e *Entry) field(f field) error {
	switch f.number {
	case 1:
		return f.text(&e.Key)
	case 2:
		return f.text(&e.Value)
	}
	return f.unknown()
}

// next appends an element to a list and returns its address, or nil if the list is
// too long.
func next[T any](list *[]T) *T {
	if len(*list) == maxItems {
		return nil
	}
	var zero T
	*list = append(*list, zero)
	return &(*list)[len(*list)-1]
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

func (f field) tooMany() error {
	return fmt.Errorf("%s: there are more than %s of field %d", f.of, message.Thousands(maxItems), f.number)
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
	if !utf8.Valid(f.bytes) {
		return fmt.Errorf("%s: field %d is not UTF-8", f.of, f.number)
	}
	*to = string(f.bytes)
	return nil
}

func (f field) texts(to *[]string) error {
	s := next(to)
	if s == nil {
		return f.tooMany()
	}
	return f.text(s)
}

func (f field) message(of string, each func(field) error) error {
	if f.kind != protowire.BytesType {
		return f.unknown()
	}
	return fields(of, f.bytes, each)
}

func (f field) integers(to *[]int64, most int) error {
	if f.kind != protowire.BytesType {
		return f.unknown()
	}
	for data := f.bytes; len(data) > 0; {
		v, n := protowire.ConsumeVarint(data)
		if n < 0 {
			return fmt.Errorf("%s, field %d: %w", f.of, f.number, protowire.ParseError(n))
		}
		if len(*to) == most {
			return fmt.Errorf("%s: field %d has more than %d integers", f.of, f.number, most)
		}
		*to = append(*to, int64(v))
		data = data[n:]
	}
	return nil
}
