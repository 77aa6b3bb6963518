package safetensors_test

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"glyph/exchange/safetensors"
	"glyph/models"
)

func example() safetensors.File {
	return safetensors.File{
		Metadata: map[string]string{"z": "last", "a": "<\"é\n&>", "": ""},
		Tensors: []models.NamedArray{
			{Name: "w", Shape: []int{2, 3}, Data: []float32{1, -2, 0, float32(math.Inf(-1)), 1e-45, math.MaxFloat32}},
			{Name: "b", Shape: []int{}, Data: []float32{7}},
			{Name: "empty", Shape: []int{0, 4}, Data: []float32{}},
			{Name: "<お>", Shape: []int{1}, Data: []float32{0.5}},
		},
	}
}

func encode(t testing.TB, w safetensors.File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := safetensors.Write(&b, w); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decode(file []byte) (safetensors.File, error) {
	return safetensors.Read(bytes.NewReader(file), int64(len(file)))
}

// file puts a header and data together.
func file(header string, data int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, data)...)
}

func TestBytes(t *testing.T) {
	got := encode(t, safetensors.File{
		Metadata: map[string]string{"b": "2", "a": "<1>"},
		Tensors:  []models.NamedArray{{Name: "y", Shape: []int{2, 1}, Data: []float32{1, -2}}, {Name: "x", Data: []float32{0.5}}},
	})
	header := `{"__metadata__":{"a":"<1>","b":"2"},"y":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"x":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}`
	header += strings.Repeat(" ", (8-len(header)%8)%8)
	want := append(file(header, 0), 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f)
	if !bytes.Equal(got, want) {
		t.Errorf("wrote %q, want %q", got, want)
	}
}

func TestRoundTrip(t *testing.T) {
	big := models.NamedArray{Name: "big", Shape: []int{3, 33333}, Data: make([]float32, 99999)} // several chunks
	for i := range big.Data {
		big.Data[i] = float32(i)
	}
	for _, w := range []safetensors.File{example(), {}, {Tensors: []models.NamedArray{big}}, {Metadata: map[string]string{"only": "text"}}} {
		text := encode(t, w)
		if (binary.LittleEndian.Uint64(text))%8 != 0 {
			t.Errorf("header of %d bytes", binary.LittleEndian.Uint64(text))
		}
		got, err := decode(text)
		if err != nil || !reflect.DeepEqual(got, w) {
			t.Errorf("%+v reads as %+v, %v", w.Metadata, got.Metadata, err)
		}
		if !bytes.Equal(encode(t, w), text) {
			t.Error("the same weights make other bytes")
		}
	}
	nan := safetensors.File{Tensors: []models.NamedArray{{Name: "n", Data: []float32{math.Float32frombits(0x7fc12345)}}}}
	got, err := decode(encode(t, nan))
	if err != nil || math.Float32bits(got.Tensors[0].Data[0]) != 0x7fc12345 {
		t.Errorf("NaN reads as %v, %v", got, err)
	}
}

// Other writers order the header otherwise than the data.
func TestOrder(t *testing.T) {
	text := file(`{"b":{"data_offsets":[4,8],"shape":[1],"dtype":"F32"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}`, 0)
	got, err := decode(append(text, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40))
	want := safetensors.File{Tensors: []models.NamedArray{{Name: "a", Shape: []int{}, Data: []float32{1}}, {Name: "b", Shape: []int{1}, Data: []float32{2}}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, %v; want %+v", got, err, want)
	}
}

func TestWriteErrors(t *testing.T) {
	for _, c := range []struct {
		w    safetensors.File
		want string
	}{
		{safetensors.File{Tensors: []models.NamedArray{{Name: "a", Shape: []int{2}, Data: []float32{1}}}}, "has 1 numbers"},
		{safetensors.File{Tensors: []models.NamedArray{{Name: "a", Shape: []int{-1, -1}, Data: []float32{1}}}}, "has 1 numbers"},
		{safetensors.File{Tensors: []models.NamedArray{{Name: "a"}}}, "has 0 numbers"},
		{safetensors.File{Tensors: []models.NamedArray{{Name: "a", Data: []float32{1}}, {Name: "a", Data: []float32{1}}}}, "twice"},
		{safetensors.File{Tensors: []models.NamedArray{{Name: "__metadata__", Data: []float32{1}}}}, "reserved"},
		{safetensors.File{Tensors: []models.NamedArray{{Name: "\xff", Data: []float32{1}}}}, "UTF-8"},
		{safetensors.File{Metadata: map[string]string{"a": "\xff"}}, "UTF-8"},
	} {
		oneLine(t, safetensors.Write(io.Discard, c.w), c.want)
	}
}

func TestReadErrors(t *testing.T) {
	tensor := func(dtype, shape, offsets string) string {
		return fmt.Sprintf(`{"dtype":%s,"shape":%s,"data_offsets":%s}`, dtype, shape, offsets)
	}
	one := tensor(`"F32"`, `[1]`, `[0,4]`)
	long := strings.Repeat("x", 10000)
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"nothing", nil, "truncated"},
		{"half a length", []byte{1, 0, 0}, "truncated"},
		{"a length beyond the file", file("{}", 0)[:9], "header claims 2 bytes"},
		{"a length beyond the format", binary.LittleEndian.AppendUint64(nil, 1<<24+1), "claims 16777217 bytes"},
		{"the greatest length", binary.LittleEndian.AppendUint64(nil, math.MaxUint64), "claims 18446744073709551615 bytes"},
		{"no header", file("", 0), "not a JSON object"},
		{"no JSON", file("{]", 0), "not a JSON object"},
		{"a list", file("[]", 0), "not a JSON object"},
		{"a space first", file(" {}", 0), "not a JSON object"},
		{"two objects", file("{}{}", 0), "not a JSON object"},
		{"bad UTF-8", file("{\"\xff\":{}}", 0), "not a JSON object"},
		{"deep nesting", file(`{"a":`+strings.Repeat("[", 1<<16)+strings.Repeat("]", 1<<16)+`}`, 0), "not a JSON object"},
		{"a tensor that is a number", file(`{"a":3}`, 0), `tensor "a" is not a JSON object`},
		{"a tensor that is a list", file(`{"a":[3]}`, 0), `tensor "a" is not a JSON object`},
		{"an empty tensor entry", file(`{"a":{}}`, 0), "needs a dtype"},
		{"no shape", file(`{"a":{"dtype":"F32","data_offsets":[0,4]}}`, 4), "needs a dtype"},
		{"three offsets", file(`{"a":`+tensor(`"F32"`, `[1]`, `[0,4,4]`)+`}`, 4), "two data_offsets"},
		{"an unknown entry", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"name":1}}`, 4), `unknown entry "name"`},
		{"an entry twice", file(`{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), `"dtype" twice`},
		{"eight bits", file(`{"a":`+tensor(`"F8_E4M3"`, `[1]`, `[0,1]`)+`}`, 1), `type "F8_E4M3", which is not one that is read`},
		{"eight bits of another kind", file(`{"a":`+tensor(`"F8_E5M2"`, `[1]`, `[0,1]`)+`}`, 1), "tensor.float()"},
		{"half precision in four bytes", file(`{"a":`+tensor(`"F16"`, `[1]`, `[0,4]`)+`}`, 4), "it takes 2 bytes"},
		{"a number as type", file(`{"a":`+tensor(`32`, `[1]`, `[0,4]`)+`}`, 4), "type"},
		{"a shape that is text", file(`{"a":`+tensor(`"F32"`, `"1"`, `[0,4]`)+`}`, 4), "shape is not a list"},
		{"a size that is text", file(`{"a":`+tensor(`"F32"`, `["1"]`, `[0,4]`)+`}`, 4), "shape is not a list"},
		{"a nested shape", file(`{"a":`+tensor(`"F32"`, `[[1]]`, `[0,4]`)+`}`, 4), "shape is not a list"},
		{"a fraction", file(`{"a":`+tensor(`"F32"`, `[1.0]`, `[0,4]`)+`}`, 4), "not an integer"},
		{"an exponent", file(`{"a":`+tensor(`"F32"`, `[1e0]`, `[0,4]`)+`}`, 4), "not an integer"},
		{"a negative size", file(`{"a":`+tensor(`"F32"`, `[-1]`, `[0,4]`)+`}`, 4), "negative"},
		{"two negative sizes", file(`{"a":`+tensor(`"F32"`, `[-1,-1]`, `[0,4]`)+`}`, 4), "negative"},
		{"a product of 2^64", file(`{"a":`+tensor(`"F32"`, `[4294967296,4294967296]`, `[0,0]`)+`}`, 0), "too large"},
		{"bytes beyond 2^63", file(`{"a":`+tensor(`"F32"`, `[4611686018427387904]`, `[0,0]`)+`}`, 0), "too large"},
		{"a product of 2^64 and zero", file(`{"a":`+tensor(`"F32"`, `[4294967296,4294967296,0]`, `[0,0]`)+`}`, 0), "too large"},
		{"a size beyond 2^63", file(`{"a":`+tensor(`"F32"`, `[18446744073709551616]`, `[0,0]`)+`}`, 0), "not an integer"},
		{"many sizes", file(`{"a":`+tensor(`"F32"`, `[1`+strings.Repeat(",1", 999)+`]`, `[0,4]`)+`}`, 4), "more than 16"},
		{"a huge tensor", file(`{"a":`+tensor(`"F32"`, `[1099511627776]`, `[0,4398046511104]`)+`}`, 4), "truncated"},
		{"wrong size", file(`{"a":`+tensor(`"F32"`, `[2]`, `[0,4]`)+`}`, 4), "can't be bytes 0 to 4"},
		{"backwards", file(`{"a":`+tensor(`"F32"`, `[1]`, `[4,0]`)+`}`, 4), "can't be bytes 4 to 0"},
		{"negative offsets", file(`{"a":`+tensor(`"F32"`, `[1]`, `[-4,0]`)+`}`, 4), "can't be bytes -4 to 0"},
		{"a gap first", file(`{"a":`+tensor(`"F32"`, `[1]`, `[4,8]`)+`}`, 8), "bytes 0 to 4 of the data belong to no tensor"},
		{"a gap", file(`{"a":`+one+`,"b":`+tensor(`"F32"`, `[1]`, `[8,12]`)+`}`, 12), "bytes 4 to 8"},
		{"an overlap", file(`{"a":`+tensor(`"F32"`, `[2]`, `[0,8]`)+`,"b":`+tensor(`"F32"`, `[1]`, `[4,8]`)+`}`, 8), "overlaps"},
		{"the same place", file(`{"a":`+one+`,"b":`+one+`}`, 4), "overlaps"},
		{"a name twice", file(`{"a":`+one+`,"a":`+tensor(`"F32"`, `[1]`, `[4,8]`)+`}`, 8), `"a" twice`},
		{"an escaped name twice", file(`{"a":`+one+`,"\u0061":`+tensor(`"F32"`, `[1]`, `[4,8]`)+`}`, 8), `"a" twice`},
		{"truncated data", file(`{"a":`+one+`}`, 3), "truncated"},
		{"trailing bytes", file(`{"a":`+one+`}`, 5), "1 bytes after its last tensor"},
		{"data without tensors", file(`{}`, 8), "8 bytes after"},
		{"metadata that is text", file(`{"__metadata__":"x"}`, 0), "__metadata__ is not a JSON object"},
		{"metadata with a number", file(`{"__metadata__":{"x":1}}`, 0), `"x" is not text`},
		{"metadata with null", file(`{"__metadata__":{"x":null}}`, 0), `"x" is not text`},
		{"metadata twice", file(`{"__metadata__":{},"__metadata__":{}}`, 0), "twice"},
		{"a metadata key twice", file(`{"__metadata__":{"x":"","x":""}}`, 0), "twice"},
		{"a long name", file(`{"`+long+`":3}`, 0), "is not a JSON object"},
		{"a name with a line feed", file(`{"a\nb":3}`, 0), `"a\nb"`},
		{"a long type", file(`{"a":`+tensor(`"`+long+`"`, `[1]`, `[0,4]`)+`}`, 4), "not one that is read"},
		{"a long number", file(`{"a":`+tensor(`"F32"`, `[`+strings.Repeat("9", 10000)+`]`, `[0,4]`)+`}`, 4), "not an integer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decode(c.file)
			oneLine(t, err, c.want)
		})
	}
}

// Sizes that the file doesn't have and readers that end early or late.
func TestWrongSize(t *testing.T) {
	text := encode(t, example())
	for n := range text {
		if _, err := decode(text[:n]); err == nil {
			t.Fatalf("the first %d of %d bytes are read without an error", n, len(text))
		}
		_, err := safetensors.Read(bytes.NewReader(text[:n]), int64(len(text)))
		oneLine(t, err, "truncated")
	}
	_, err := safetensors.Read(bytes.NewReader(append(text, 0)), int64(len(text)))
	oneLine(t, err, "continues")
	_, err = safetensors.Read(bytes.NewReader(text), -1)
	oneLine(t, err)
}

// A header of tensors that are not there costs no more than its own length,
// times a factor for Go's view of it.
func TestAllocation(t *testing.T) {
	var header strings.Builder
	header.WriteByte('{')
	for i := range 20000 {
		fmt.Fprintf(&header, `"%d":{"dtype":"F32","shape":[1000000000],"data_offsets":[%d,%d]},`, i, i*4e9, (i+1)*4e9)
	}
	header.WriteString(`"last":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}`)
	text := file(header.String(), 16)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := decode(text)
	runtime.ReadMemStats(&after)
	oneLine(t, err, "truncated")
	if used, most := after.TotalAlloc-before.TotalAlloc, uint64(40*len(text)); used > most {
		t.Errorf("a file of %d bytes makes the reader allocate %d", len(text), used)
	} else {
		t.Logf("%.1f bytes allocated a byte of the file", float64(used)/float64(len(text)))
	}
}

// bytesOf is the size of a number of each type that is converted.
var bytesOf = map[string]int{"F16": 2, "BF16": 2, "F64": 8, "I8": 1, "U8": 1, "I16": 2, "U16": 2, "I32": 4, "U32": 4, "I64": 8, "U64": 8}

func FuzzRead(f *testing.F) {
	f.Add(encode(f, example()))
	f.Add(encode(f, safetensors.File{}))
	f.Add(file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"b":{"shape":[],"dtype":"F32","data_offsets":[0,4]}}  `, 8))
	f.Add(file(`{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}`, 0))
	for dtype, size := range bytesOf {
		f.Add(file(fmt.Sprintf(`{"a":{"dtype":%q,"shape":[1,2],"data_offsets":[0,%d]}}`, dtype, 2*size), 2*size))
	}
	f.Add(file(`{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}`, 1))
	f.Add([]byte("PK\x03\x04 not safetensors"))
	f.Fuzz(func(t *testing.T, text []byte) {
		w, err := decode(text)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") || len(err.Error()) > 500 {
				t.Errorf("error is not one short line: %q", err)
			}
			return
		}
		size := 0
		for _, a := range w.Tensors {
			size += len(a.Data) * cmp.Or(bytesOf[w.Converted[a.Name]], 4)
		}
		if n := binary.LittleEndian.Uint64(text); len(text) != 8+int(n)+size {
			t.Errorf("%d bytes read as a header of %d and numbers of %d", len(text), n, size)
		}
		// What was read is written and read again as the same, bit for bit.
		once := encode(t, w)
		again, err := decode(once)
		if err != nil {
			t.Fatalf("what was read can't be read again: %v", err)
		}
		if !bytes.Equal(encode(t, again), once) {
			t.Error("reading and writing again changes the file")
		}
	})
}
