package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"unicode/utf8"

	"glyph/internal/message"
	"glyph/models"
)

// File is what a safetensors file holds.
type File struct {
	Metadata map[string]string
	Tensors  []models.NamedArray
	// Converted is the types of the tensors that were not float32 in the file
	// that was read, by their names: "F16", "BF16", "F64", "I8" and so on. It is
	// nil if all were. Write ignores it.
	Converted map[string]string
}

const (
	metadataKey = "__metadata__"
	// maxHeader is the largest header in bytes, for 80,000 tensors or so. The format
	// itself has a limit of 100,000,000.
	maxHeader = 1 << 24
	// maxNumbers is the largest total of numbers in all tensors.
	maxNumbers = models.MaxParams
	// chunk is how many numbers are converted at a time.
	chunk = 1 << 14
)

// Write writes weights in the safetensors format, as float32
// (https://github.com/huggingface/safetensors#format):
//
//	8 bytes   n, the length of the header, little-endian
//	n bytes   JSON: {"__metadata__": {...}, name: {"dtype": "F32", "shape": [...], "data_offsets": [begin, end]}, ...}
//	the rest  the numbers, little-endian, in the order of the header
//
// The header is padded with spaces to a multiple of 8 bytes. Equal weights make
// equal bytes.
func Write(w io.Writer, weights File) error {
	header, err := marshalHeader(weights)
	if err != nil {
		return err
	}
	if _, err := w.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(header)))); err != nil {
		return err
	}
	if _, err := w.Write(header); err != nil {
		return err
	}
	buf := make([]byte, 0, 4*chunk)
	for _, t := range weights.Tensors {
		for part := range slices.Chunk(t.Data, chunk) {
			buf = buf[:0]
			for _, v := range part {
				buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(v))
			}
			if _, err := w.Write(buf); err != nil {
				return err
			}
		}
	}
	return nil
}

func marshalHeader(weights File) ([]byte, error) {
	var h bytes.Buffer
	h.WriteByte('{')
	if len(weights.Metadata) > 0 {
		for _, key := range slices.Sorted(maps.Keys(weights.Metadata)) {
			if !utf8.ValidString(key) || !utf8.ValidString(weights.Metadata[key]) {
				return nil, fmt.Errorf("metadata %q is not UTF-8", key)
			}
		}
		text, err := quote(weights.Metadata) // encoding/json sorts the keys
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&h, "%q:%s", metadataKey, text)
	}
	seen := map[string]bool{metadataKey: true}
	offset := int64(0)
	for _, t := range weights.Tensors {
		if seen[t.Name] || !utf8.ValidString(t.Name) {
			return nil, fmt.Errorf("tensor name %q is not UTF-8, reserved, or used twice", t.Name)
		}
		seen[t.Name] = true
		if n, err := numbers(t.Shape); err != nil || n != int64(len(t.Data)) {
			return nil, fmt.Errorf("tensor %q of the shape %v has %d numbers", t.Name, t.Shape, len(t.Data))
		}
		name, err := quote(t.Name)
		if err != nil {
			return nil, err
		}
		shape, err := quote(append([]int{}, t.Shape...)) // [] and not null
		if err != nil {
			return nil, err
		}
		if h.Len() > 1 {
			h.WriteByte(',')
		}
		end := offset + 4*int64(len(t.Data))
		fmt.Fprintf(&h, `%s:{"dtype":"F32","shape":%s,"data_offsets":[%d,%d]}`, name, shape, offset, end)
		offset = end
	}
	h.WriteByte('}')
	for h.Len()%8 != 0 {
		h.WriteByte(' ')
	}
	if h.Len() > maxHeader {
		return nil, fmt.Errorf("the header has %d bytes, more than the %d that are read back", h.Len(), maxHeader)
	}
	return h.Bytes(), nil
}

// quote is v as JSON, with <, > and & as they are.
func quote(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// Read reads a safetensors file of size bytes. It is strict: every byte must be
// accounted for, once, and nothing is repaired. Tensors come in the order of
// their data, and those of other types as float32:
//
//	F16, BF16     exactly
//	F64           rounded to the nearest
//	I8 ... U64    exactly, or an error names the first number that float32 can't hold
//
// A finite number that float32 has no finite one for, and a type that is not
// listed, is an error. Read allocates in proportion to size, and nothing
// for data that the file does not have.
func Read(r io.Reader, size int64) (File, error) {
	header, err := readHeader(r, size)
	if err != nil {
		return File{}, err
	}
	file, extents, err := parseHeader(header)
	if err != nil {
		return File{}, err
	}
	if err := checkExtents(file.Tensors, extents, size-8-int64(len(header))); err != nil {
		return File{}, err
	}
	buf := make([]byte, 8*chunk)
	for i := range file.Tensors {
		t := &file.Tensors[i]
		t.Data = make([]float32, extents[i].numbers)
		if err := readTensor(r, t, extents[i].kind, buf); err != nil {
			return File{}, err
		}
		if name := extents[i].kind.name; name != "F32" {
			if file.Converted == nil {
				file.Converted = map[string]string{}
			}
			file.Converted[t.Name] = name
		}
	}
	if n, _ := r.Read(buf[:1]); n != 0 {
		return File{}, errors.New("the file continues after its last tensor")
	}
	return file, nil
}

func readHeader(r io.Reader, size int64) ([]byte, error) {
	var prefix [8]byte
	if _, err := io.ReadFull(r, prefix[:]); err != nil {
		return nil, short(err, "the length of the header")
	}
	n := binary.LittleEndian.Uint64(prefix[:])
	if size < 8 || n > uint64(size-8) {
		return nil, fmt.Errorf("the header claims %d bytes, and the file has %d: it is truncated, or not a safetensors file", n, size)
	}
	if n > maxHeader {
		return nil, fmt.Errorf("the header has %d bytes; at most %d are read", n, maxHeader)
	}
	header := make([]byte, n)
	if _, err := io.ReadFull(r, header); err != nil {
		return nil, short(err, "the header")
	}
	return header, nil
}

// readTensor fills t.Data, converting through buf.
func readTensor(r io.Reader, t *models.NamedArray, k kind, buf []byte) error {
	done := 0
	for part := range slices.Chunk(t.Data, chunk) {
		raw := buf[:k.size*len(part)]
		if _, err := io.ReadFull(r, raw); err != nil {
			return short(err, "tensor "+message.Clip(t.Name))
		}
		for i := range part {
			v, ok := k.number(raw[i*k.size:])
			if !ok {
				return fmt.Errorf("tensor %s: number %d is %s, which float32 can't hold", message.Clip(t.Name), done+i, k.text(raw[i*k.size:]))
			}
			part[i] = v
		}
		done += len(part)
	}
	return nil
}

// short makes an error of a reader that ended early.
func short(err error, what string) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the file is truncated: it ends in %s", what)
	}
	return err
}
