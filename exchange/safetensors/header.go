package safetensors

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"glyph/internal/message"
	"glyph/models"
)

// maxRank is the most dimensions of a tensor.
const maxRank = 16

// extent is the position of a tensor's data, how many numbers it has, and their
// type.
type extent struct {
	begin, end, numbers int64
	kind                kind
}

// parseHeader reads the header's JSON token by token, because encoding/json
// takes the last of two equal keys, and converts and skips what it can. The
// tensors come without data and in the order of their data.
func parseHeader(header []byte) (File, []extent, error) {
	if !utf8.Valid(header) || !json.Valid(header) || header[0] != '{' {
		return File{}, nil, errors.New("the header is not a JSON object")
	}
	p := headerParser{json.NewDecoder(bytes.NewReader(header))}
	p.UseNumber()
	var file File
	var extents []extent
	err := p.object("the header", func(name string) error {
		if name == metadataKey {
			file.Metadata = map[string]string{}
			return p.metadata(file.Metadata)
		}
		shape, e, err := p.tensor(name)
		file.Tensors = append(file.Tensors, models.NamedArray{Name: name, Shape: shape})
		extents = append(extents, e)
		return err
	})
	if err != nil {
		return File{}, nil, err
	}
	inOrder(file.Tensors, extents)
	return file, extents, nil
}

// inOrder sorts both by where the data lies.
func inOrder(tensors []models.NamedArray, extents []extent) {
	order := make([]int, len(extents))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(extents[i].begin, extents[j].begin), cmp.Compare(extents[i].end, extents[j].end))
	})
	t, e := slices.Clone(tensors), slices.Clone(extents)
	for to, from := range order {
		tensors[to], extents[to] = t[from], e[from]
	}
}

// checkExtents makes sure that the tensors, in order, fill the data exactly.
func checkExtents(tensors []models.NamedArray, extents []extent, data int64) error {
	at, total := int64(0), int64(0)
	for i, e := range extents {
		total += min(e.numbers, maxNumbers+1)
		switch name := message.Clip(tensors[i].Name); {
		case e.begin < at:
			return fmt.Errorf("tensor %s overlaps the previous one", name)
		case e.begin > at:
			return fmt.Errorf("bytes %d to %d of the data belong to no tensor", at, e.begin)
		case e.end > data:
			return fmt.Errorf("the file is truncated: tensor %s ends at byte %d of the data, and there are %d", name, e.end, data)
		case total > maxNumbers:
			return fmt.Errorf("the tensors have more than %s numbers, which is more than a network can have", message.Thousands(maxNumbers))
		}
		at = e.end
	}
	if at != data {
		return fmt.Errorf("the file has %d bytes after its last tensor", data-at)
	}
	return nil
}

// numbers is how many numbers a shape holds, or an error where no file could
// hold them.
func numbers(shape []int) (int64, error) {
	n := int64(1)
	for _, d := range shape {
		if d < 0 {
			return 0, fmt.Errorf("the shape %v has a negative size", shape)
		}
		// Checked without regard to zeros elsewhere, so that the order of the
		// sizes does not matter.
		if d > 0 && n > math.MaxInt64/8/int64(d) {
			return 0, fmt.Errorf("the shape %v is too large for any file", shape)
		}
		n *= int64(max(d, 1))
	}
	if slices.Contains(shape, 0) {
		return 0, nil
	}
	return n, nil
}

// headerParser walks JSON that is known to be well-formed.
type headerParser struct{ *json.Decoder }

// object calls member with each key of the object that comes next; member
// reads the value.
func (p headerParser) object(what string, member func(key string) error) error {
	if tok, err := p.Token(); err != nil || tok != json.Delim('{') {
		return fmt.Errorf("%s is not a JSON object", what)
	}
	seen := map[string]bool{}
	for p.More() {
		tok, err := p.Token()
		if err != nil {
			return err
		}
		key := tok.(string) // the only token that can stand here
		if seen[key] {
			return fmt.Errorf("%s has %s twice", what, message.Clip(key))
		}
		seen[key] = true
		if err := member(key); err != nil {
			return err
		}
	}
	_, err := p.Token()
	return err
}

func (p headerParser) metadata(into map[string]string) error {
	return p.object(metadataKey, func(key string) error {
		tok, err := p.Token()
		value, ok := tok.(string)
		if err != nil || !ok {
			return fmt.Errorf("%s: %s is not text", metadataKey, message.Clip(key))
		}
		into[key] = value
		return nil
	})
}

func (p headerParser) tensor(name string) (shape []int, e extent, err error) {
	what := "tensor " + message.Clip(name)
	var offsets []int
	var k kind
	had := 0
	err = p.object(what, func(key string) (err error) {
		had++
		switch key {
		case "dtype":
			k, err = p.kind(what)
			return err
		case "shape":
			shape, err = p.integers(what + ": shape")
			return err
		case "data_offsets":
			offsets, err = p.integers(what + ": data_offsets")
			return err
		}
		return fmt.Errorf("%s has an unknown entry %s", what, message.Clip(key))
	})
	if err != nil {
		return nil, e, err
	}
	if had != 3 || len(offsets) != 2 {
		return nil, e, fmt.Errorf("%s needs a dtype, a shape and two data_offsets", what)
	}
	n, err := numbers(shape)
	if err != nil {
		return nil, e, fmt.Errorf("%s: %w", what, err)
	}
	e = extent{int64(offsets[0]), int64(offsets[1]), n, k}
	if size := int64(k.size) * n; e.begin < 0 || e.end < e.begin || e.end-e.begin != size {
		return nil, e, fmt.Errorf("%s of the type %s and the shape %v can't be bytes %d to %d: it takes %d bytes", what, k.name, shape, e.begin, e.end, size)
	}
	return shape, e, nil
}

// kind reads the name of a type.
func (p headerParser) kind(what string) (kind, error) {
	tok, err := p.Token()
	name, ok := tok.(string)
	if err != nil || !ok {
		return kind{}, fmt.Errorf("%s has the type %s, which is not a name", what, message.Clip(fmt.Sprint(tok)))
	}
	if k, known := kinds[name]; known {
		return k, nil
	}
	return kind{}, fmt.Errorf("%s has the type %s, which is not one that is read; convert it to float32 where it comes from (in PyTorch: tensor.float())",
		what, message.Clip(name))
}

// integers reads a list of integers.
func (p headerParser) integers(what string) ([]int, error) {
	if tok, err := p.Token(); err != nil || tok != json.Delim('[') {
		return nil, fmt.Errorf("%s is not a list of integers", what)
	}
	list := []int{}
	for p.More() {
		tok, err := p.Token()
		number, ok := tok.(json.Number)
		if err != nil || !ok {
			return nil, fmt.Errorf("%s is not a list of integers", what)
		}
		v, err := strconv.Atoi(number.String())
		if err != nil {
			return nil, fmt.Errorf("%s holds %s, which is not an integer of 64 bits", what, message.Clip(number.String()))
		}
		if list = append(list, v); len(list) > maxRank {
			return nil, fmt.Errorf("%s has more than %d integers", what, maxRank)
		}
	}
	_, err := p.Token()
	return list, err
}
