package safetensors_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"glyph/exchange/safetensors"
	"glyph/models"
)

// typed is a file of one tensor of a type.
func typed(t *testing.T, dtype string, numbers any) []byte {
	t.Helper()
	var data bytes.Buffer
	if err := binary.Write(&data, binary.LittleEndian, numbers); err != nil {
		t.Fatal(err)
	}
	n := reflect.ValueOf(numbers).Len()
	header := fmt.Sprintf(`{"w":{"dtype":%q,"shape":[%d],"data_offsets":[0,%d]}}`, dtype, n, data.Len())
	return append(file(header, 0), data.Bytes()...)
}

// every is all numbers of 16 bits.
func every() []uint16 {
	all := make([]uint16, 1<<16)
	for i := range all {
		all[i] = uint16(i)
	}
	return all
}

// TestHalf reads every float16 number and holds it to its definition in float64.
func TestHalf(t *testing.T) {
	got, err := decode(typed(t, "F16", every()))
	if err != nil || got.Converted["w"] != "F16" {
		t.Fatal(got.Converted, err)
	}
	for h, v := range got.Tensors[0].Data {
		sign, exponent, fraction := 1-2*float64(h>>15), h>>10&0x1f, float64(h&0x3ff)
		want := 0.0
		switch {
		case exponent == 0x1f && fraction != 0:
			if !math.IsNaN(float64(v)) {
				t.Fatalf("%#04x is %v, want NaN", h, v)
			}
			continue
		case exponent == 0x1f:
			want = math.Inf(int(sign))
		case exponent == 0:
			want = sign * math.Ldexp(fraction, -24)
		default:
			want = sign * math.Ldexp(1024+fraction, exponent-25)
		}
		if float64(v) != want || math.Signbit(float64(v)) != (h>>15 == 1) {
			t.Fatalf("%#04x is %v, want %v", h, v, want)
		}
	}
}

// TestBfloat reads every bfloat16 number: the upper half of a float32.
func TestBfloat(t *testing.T) {
	got, err := decode(typed(t, "BF16", every()))
	if err != nil || got.Converted["w"] != "BF16" {
		t.Fatal(got.Converted, err)
	}
	for h, v := range got.Tensors[0].Data {
		if want := uint32(h) << 16; math.Float32bits(v) != want {
			t.Fatalf("%#04x is %#08x, want %#08x", h, math.Float32bits(v), want)
		}
	}
}

func TestOtherTypes(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		dtype   string
		numbers any
		want    []float32
	}{
		{"F64", []float64{1, 0.1, -1e-50, 1 + 0x1p-30, inf, -inf, math.MaxFloat32}, []float32{1, 0.1, float32(math.Copysign(0, -1)), 1, float32(inf), float32(-inf), math.MaxFloat32}},
		{"I8", []int8{-128, 0, 127}, []float32{-128, 0, 127}},
		{"U8", []uint8{0, 255}, []float32{0, 255}},
		{"I16", []int16{-32768, 32767}, []float32{-32768, 32767}},
		{"U16", []uint16{65535}, []float32{65535}},
		{"I32", []int32{-1 << 31, 1 << 24, -1<<24 + 1}, []float32{-1 << 31, 1 << 24, -1<<24 + 1}},
		{"U32", []uint32{1 << 31}, []float32{1 << 31}},
		{"I64", []int64{math.MinInt64, 1 << 62, 3}, []float32{-1 << 63, 1 << 62, 3}},
		{"U64", []uint64{1 << 63}, []float32{1 << 63}},
	} {
		got, err := decode(typed(t, c.dtype, c.numbers))
		if err != nil || got.Converted["w"] != c.dtype {
			t.Errorf("%s: %v %v", c.dtype, got.Converted, err)
			continue
		}
		same := func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }
		if !slices.EqualFunc(got.Tensors[0].Data, c.want, same) {
			t.Errorf("%s: %v, want %v", c.dtype, got.Tensors[0].Data, c.want)
		}
	}
	nan, err := decode(typed(t, "F64", []float64{math.NaN()}))
	if err != nil || !math.IsNaN(float64(nan.Tensors[0].Data[0])) {
		t.Errorf("NaN: %v %v", nan, err)
	}
}

// What float32 can't hold is named and not rounded.
func TestOtherTypesErrors(t *testing.T) {
	long := make([]float64, 1<<15)
	long[1<<15-2] = -1e300
	for _, c := range []struct {
		dtype   string
		numbers any
		want    string
	}{
		{"F64", []float64{0, 1e39}, "number 1 is 1e+39"},
		{"F64", long, "number 32766 is -1e+300"},
		{"I32", []int32{1<<24 + 1}, "number 0 is 16777217"},
		{"I32", []int32{0, -1<<24 - 1}, "number 1 is -16777217"},
		{"U32", []uint32{math.MaxUint32}, "4294967295"},
		{"I64", []int64{math.MaxInt64}, "9223372036854775807"},
		{"I64", []int64{math.MinInt64 + 1}, "-9223372036854775807"},
		{"U64", []uint64{math.MaxUint64}, "18446744073709551615"},
	} {
		_, err := decode(typed(t, c.dtype, c.numbers))
		oneLine(t, err, `tensor "w"`, c.want, "float32 can't hold")
	}
}

// TestLimits makes sure that what is too large is refused before any of it is
// allocated or read.
func TestLimits(t *testing.T) {
	_, err := safetensors.Read(strings.NewReader("\x01\x00\x00\x01\x00\x00\x00\x00"), 1<<40)
	oneLine(t, err, "header has 16777217 bytes", "at most 16777216")
	n := int64(models.MaxParams) + 1
	header := fmt.Sprintf(`{"a":{"dtype":"F32","shape":[%d],"data_offsets":[0,%d]}}`, n, 4*n)
	_, err = safetensors.Read(bytes.NewReader(file(header, 0)), 8+int64(len(header))+4*n)
	oneLine(t, err, "more than 268,435,456 numbers")
}

func TestTypeName(t *testing.T) {
	for kind, want := range map[string]string{"F16": "float16", "BF16": "bfloat16", "I8": "int8", "U64": "uint64", "BOOL": "BOOL", "F8_E4M3": "F8_E4M3"} {
		if got := safetensors.TypeName(kind); got != want {
			t.Errorf("%s is %s, want %s", kind, got, want)
		}
	}
}
