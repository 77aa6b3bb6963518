package kmnist

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"runtime"
	"strings"
	"testing"
)

// idx is an IDX stream of that magic number and those dimensions.
func idx(magic uint32, dims []uint32, data []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, magic)
	for _, d := range dims {
		out = binary.BigEndian.AppendUint32(out, d)
	}
	return append(out, data...)
}

func zip(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(data)
	z.Close()
	return b.Bytes()
}

func TestReadIDX(t *testing.T) {
	pixels := []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	good := idx(magicImages, []uint32{3, 2, 2}, pixels)
	broken := zip(good)
	broken[len(broken)-6]++ // in the checksum
	for _, c := range []struct {
		name string
		file []byte
		want string // part of the error; "" for none
	}{
		{"plain", good, ""},
		{"gzip", zip(good), ""},
		{"empty", nil, "within its header"},
		{"half a header", good[:9], "within its header"},
		{"labels", idx(magicLabels, []uint32{12}, pixels), "magic number 0x00000801 and not 0x00000803"},
		{"text", []byte("<!DOCTYPE html><html>"), "magic number"},
		{"truncated", good[:len(good)-1], "ends after 11 of the 12"},
		{"truncated gzip", zip(good)[:len(zip(good))-5], "cut short"},
		{"gzip of truncated", zip(good[:len(good)-3]), "ends after 9 of the 12"},
		{"trailing byte", append(bytes.Clone(good), 0), "goes on after"},
		{"trailing byte in gzip", zip(append(bytes.Clone(good), 0)), "goes on after"},
		{"wrong checksum", broken, "checksum"},
		{"no images", idx(magicImages, []uint32{0, 28, 28}, nil), "dimension of 0"},
		{"hostile count", idx(magicImages, []uint32{4000000000, 28, 28}, pixels), "in its header"},
		{"hostile product", idx(magicImages, []uint32{1 << 31, 1 << 31, 1 << 31}, pixels), "in its header"},
		{"promises much", idx(magicImages, []uint32{1000, 28, 28}, pixels), "can hold"},
		{"gzip promises much", zip(idx(magicImages, []uint32{60000, 280, 280}, pixels)), "can hold"},
	} {
		dims, data, err := readIDX(bytes.NewReader(c.file), int64(len(c.file)), magicImages)
		switch {
		case c.want == "" && (err != nil || !bytes.Equal(data, pixels) || len(dims) != 3 || dims[0] != 3 || dims[1] != 2):
			t.Errorf("%s: %v, %v, %v", c.name, dims, data, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		case err != nil && strings.Contains(err.Error(), "\n"):
			t.Errorf("%s: the error has several lines: %v", c.name, err)
		}
	}
}

// A header takes no memory before the bytes are there.
func TestHostileHeaderTakesNoMemory(t *testing.T) {
	file := zip(append(idx(magicImages, []uint32{1, 1000, 1000}, nil), make([]byte, 10000)...))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 100 {
		if _, _, err := readIDX(bytes.NewReader(file), 1<<30, magicImages); err == nil {
			t.Fatal("no error")
		}
	}
	runtime.ReadMemStats(&after)
	if each := (after.TotalAlloc - before.TotalAlloc) / 100; each > 400_000 {
		t.Errorf("%d bytes for a file with 10,000", each)
	}
}

func FuzzReadIDX(f *testing.F) {
	good := idx(magicImages, []uint32{2, 2, 2}, make([]byte, 8))
	f.Add(good, false)
	f.Add(zip(good), false)
	f.Add(idx(magicLabels, []uint32{3}, []byte{0, 1, 2}), true)
	f.Add(idx(magicImages, []uint32{1 << 31, 1 << 31, 2}, nil), false)
	f.Fuzz(func(t *testing.T, file []byte, labels bool) {
		magic := uint32(magicImages)
		if labels {
			magic = magicLabels
		}
		dims, data, err := readIDX(bytes.NewReader(file), int64(len(file)), magic)
		if err != nil {
			return
		}
		product := 1
		for _, d := range dims {
			product *= d
		}
		if len(dims) != int(magic&0xff) || product != len(data) || len(data) > len(file)*maxRatio {
			t.Errorf("dimensions %v with %d bytes from a file of %d", dims, len(data), len(file))
		}
	})
}
