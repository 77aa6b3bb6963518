package tensorboard

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// fields reads a message into its fields by number, the last of each.
func fields(t *testing.T, m []byte) map[protowire.Number]any {
	t.Helper()
	all := map[protowire.Number]any{}
	for len(m) > 0 {
		number, kind, n := protowire.ConsumeTag(m)
		if n < 0 {
			t.Fatal(protowire.ParseError(n))
		}
		m = m[n:]
		switch kind {
		case protowire.VarintType:
			v, n := protowire.ConsumeVarint(m)
			all[number], m = v, m[n:]
		case protowire.Fixed64Type:
			v, n := protowire.ConsumeFixed64(m)
			all[number], m = math.Float64frombits(v), m[n:]
		case protowire.Fixed32Type:
			v, n := protowire.ConsumeFixed32(m)
			all[number], m = math.Float32frombits(v), m[n:]
		case protowire.BytesType:
			v, n := protowire.ConsumeBytes(m)
			all[number], m = v, m[n:]
		default:
			t.Fatalf("field %d of type %d", number, kind)
		}
	}
	return all
}

// events reads the records of the one event file in dir.
func events(t *testing.T, dir string) (list []map[protowire.Number]any) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(dir, Prefix+"*"))
	if len(files) != 1 {
		t.Fatalf("files %v", files)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	check := func(part []byte, sum uint32) {
		crc := crc32.Checksum(part, crc32.MakeTable(crc32.Castagnoli))
		if want := (crc>>15 | crc<<17) + 0xa282ead8; sum != want {
			t.Fatalf("checksum %x, want %x", sum, want)
		}
	}
	for len(data) > 0 {
		length := binary.LittleEndian.Uint64(data)
		check(data[:8], binary.LittleEndian.Uint32(data[8:]))
		check(data[12:12+length], binary.LittleEndian.Uint32(data[12+length:]))
		list = append(list, fields(t, data[12:12+length]))
		data = data[16+length:]
	}
	return list
}

func TestEvents(t *testing.T) {
	dir := t.TempDir()
	w, err := Create(dir, 7)
	if err != nil {
		t.Fatal(err)
	}
	w.Scalar("loss", 8, 0.25)
	w.Histogram("w", 9, []float32{-1, 0, 0, 2, 1e-30})
	w.Image("digit", 10, []byte("png"), 28, 14)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	list := events(t, dir)
	if len(list) != 5 {
		t.Fatalf("%d events", len(list))
	}
	if string(list[0][3].([]byte)) != "brain.Event:2" || list[0][1].(float64) < 1.7e9 {
		t.Errorf("the first is %v", list[0])
	}
	if start := fields(t, list[1][7].([]byte)); list[1][2].(uint64) != 7 || start[1].(uint64) != 1 {
		t.Errorf("the session starts with %v", list[1])
	}
	value := func(i int, tag string, step uint64) map[protowire.Number]any {
		t.Helper()
		v := fields(t, fields(t, list[i][5].([]byte))[1].([]byte))
		if list[i][2].(uint64) != step || string(v[1].([]byte)) != tag {
			t.Errorf("event %d is of %s at step %v", i, v[1], list[i][2])
		}
		return v
	}
	if v := value(2, "loss", 8); v[2].(float32) != 0.25 {
		t.Errorf("the scalar is %v", v[2])
	}
	h := fields(t, value(3, "w", 9)[5].([]byte))
	limits, counts := doubles(h[6].([]byte)), doubles(h[7].([]byte))
	if h[1] != -1.0 || h[2] != 2.0 || h[3] != 5.0 || h[4].(float64) != 1+float64(float32(1e-30)) || h[5] != 5+math.Pow(float64(float32(1e-30)), 2) || len(limits) != len(counts) {
		t.Errorf("the histogram is %v", h)
	}
	below := func(x float64) (n float64) {
		for i, l := range limits {
			if l <= x {
				n += counts[i]
			}
		}
		return n
	}
	if below(-0.9) != 1 || below(0) != 1 || below(1e-11) != 4 || below(1.9) != 4 || below(2.3) != 5 {
		t.Errorf("buckets %v of %v", counts, limits)
	}
	if m := fields(t, value(4, "digit", 10)[4].([]byte)); m[1].(uint64) != 14 || m[2].(uint64) != 28 || m[3].(uint64) != 3 || string(m[4].([]byte)) != "png" {
		t.Errorf("the image is %v", m)
	}
}

func doubles(b []byte) (list []float64) {
	for ; len(b) > 0; b = b[8:] {
		list = append(list, math.Float64frombits(binary.LittleEndian.Uint64(b)))
	}
	return list
}

func TestEmptyHistogramAndFullDisk(t *testing.T) {
	w, err := Create(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	w.Histogram("none", 0, nil)
	if err := w.Flush(); err != nil {
		t.Error(err)
	}
	w.f.Close()
	w.Scalar("lost", 1, 1)
	if w.Flush() == nil || w.Close() == nil {
		t.Error("a write that failed is not told")
	}
}
