package filetype

import (
	"encoding/binary"
	"fmt"
	"unicode/utf8"
)

// structure tells formats without a signature by what their first fields can be.
func structure(first []byte) string {
	switch {
	case safetensors(first):
		return Safetensors
	case len(first) >= 4 && first[0] == 0 && first[1] == 0:
		return idx(first)
	case onnx(first):
		return ONNX
	case len(first) >= 3 && first[0] == 0x80 && first[1] >= 2 && first[1] <= 5:
		return "a Python pickle"
	case len(first) >= 64 && first[0] == 'M' && first[1] == 'Z' && first[2] != ' ' && !utf8.Valid(first):
		return "a Windows program"
	}
	return ""
}

// safetensors begins with the length of its header and an object in JSON.
func safetensors(first []byte) bool {
	return len(first) > 9 && first[8] == '{' && (first[9] == '"' || first[9] == '}' || first[9] == ' ') &&
		binary.LittleEndian.Uint64(first) <= 100_000_000
}

// idx is 0, 0, a type, the number of dimensions, and each of them.
func idx(first []byte) string {
	kind, ok := map[byte]string{8: "bytes", 9: "signed bytes", 11: "16-bit integers", 12: "32-bit integers", 13: "float32 numbers", 14: "float64 numbers"}[first[2]]
	rank := int(first[3])
	if allZero(first) {
		return "a file of zeros"
	}
	if !ok || rank == 0 || rank > 8 || len(first) < 4+4*rank {
		return ""
	}
	dims := ""
	for i := range rank {
		if i > 0 {
			dims += "×"
		}
		dims += fmt.Sprint(binary.BigEndian.Uint32(first[4+4*i:]))
	}
	return fmt.Sprintf("an IDX file of %s %s", dims, kind)
}

func allZero(first []byte) bool {
	for _, b := range first {
		if b != 0 {
			return false
		}
	}
	return true
}

// onnx is a protocol buffer whose field 1 is a small version, followed by the
// producer's name or the graph.
func onnx(first []byte) bool {
	if len(first) < 8 || first[0] != 0x08 || first[1] == 0 || first[1] > 30 {
		return false
	}
	switch first[2] {
	case 0x12: // the producer's name, short and printable
		length := int(first[3])
		if length > 100 || len(first) < 4+length {
			return false
		}
		for _, b := range first[4 : 4+length] {
			if b < ' ' || b > '~' {
				return false
			}
		}
		return true
	case 0x3a: // the graph
		_, n := binary.Uvarint(first[3:])
		return n > 0 && len(first) > 3+n && first[3+n] == 0x0a
	}
	return false
}
