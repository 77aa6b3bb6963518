package safetensors

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// kind is a type of numbers in a file.
type kind struct {
	name string
	size int // bytes a number
	// number is the number at the beginning of raw as float32, and whether
	// there is one.
	number func(raw []byte) (float32, bool)
	text   func(raw []byte) string // the number as it is in the file
}

// kinds are the types that can be read.
var kinds = map[string]kind{
	"F32": {"F32", 4, func(raw []byte) (float32, bool) { return math.Float32frombits(binary.LittleEndian.Uint32(raw)), true }, nil},
	"F16": {"F16", 2, func(raw []byte) (float32, bool) { return fromHalf(binary.LittleEndian.Uint16(raw)), true }, nil},
	"BF16": {"BF16", 2, func(raw []byte) (float32, bool) {
		return math.Float32frombits(uint32(binary.LittleEndian.Uint16(raw)) << 16), true
	}, nil},
	"F64": {"F64", 8, func(raw []byte) (float32, bool) {
		v := math.Float64frombits(binary.LittleEndian.Uint64(raw))
		f := float32(v)
		return f, !math.IsInf(float64(f), 0) || math.IsInf(v, 0)
	}, func(raw []byte) string { return fmt.Sprint(math.Float64frombits(binary.LittleEndian.Uint64(raw))) }},
	"I8":  integer("I8", 1, func(raw []byte) int64 { return int64(int8(raw[0])) }),
	"U8":  integer("U8", 1, func(raw []byte) int64 { return int64(raw[0]) }),
	"I16": integer("I16", 2, func(raw []byte) int64 { return int64(int16(binary.LittleEndian.Uint16(raw))) }),
	"U16": integer("U16", 2, func(raw []byte) int64 { return int64(binary.LittleEndian.Uint16(raw)) }),
	"I32": integer("I32", 4, func(raw []byte) int64 { return int64(int32(binary.LittleEndian.Uint32(raw))) }),
	"U32": integer("U32", 4, func(raw []byte) int64 { return int64(binary.LittleEndian.Uint32(raw)) }),
	"I64": integer("I64", 8, func(raw []byte) int64 { return int64(binary.LittleEndian.Uint64(raw)) }),
	"U64": {"U64", 8, func(raw []byte) (float32, bool) { return exactly(binary.LittleEndian.Uint64(raw)) }, unsigned},
}

// TypeName is the Python name of a type of the format: "F16" is float16.
func TypeName(kind string) string {
	for prefix, name := range map[string]string{"BF": "bfloat", "F": "float", "I": "int", "U": "uint"} {
		if bits, ok := strings.CutPrefix(kind, prefix); ok && strings.Trim(bits, "0123456789") == "" {
			return name + bits
		}
	}
	return kind
}

// integer is a type of integers of up to 64 bits.
func integer(name string, size int, value func([]byte) int64) kind {
	return kind{
		name, size,
		func(raw []byte) (float32, bool) {
			v := value(raw)
			if v < 0 {
				f, ok := exactly(-uint64(v)) // also of the least integer
				return -f, ok
			}
			return exactly(uint64(v))
		},
		func(raw []byte) string { return strconv.FormatInt(value(raw), 10) },
	}
}

func unsigned(raw []byte) string { return strconv.FormatUint(binary.LittleEndian.Uint64(raw), 10) }

// exactly is v where float32 has it.
func exactly(v uint64) (float32, bool) {
	f := float32(v)
	return f, f < 1<<64 && uint64(f) == v
}

// fromHalf is an IEEE 754 binary16 number, which float32 has exactly:
//
//	sign 1 bit, exponent 5 bits with the bias 15, fraction 10 bits
func fromHalf(h uint16) float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch exponent {
	case 0: // zero and subnormal: fraction · 2⁻²⁴
		f := float32(fraction) * 0x1p-24
		return math.Float32frombits(sign | math.Float32bits(f))
	case 0x1f: // infinity and NaN
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}
