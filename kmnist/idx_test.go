package kmnist

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"glyph/internal/message"
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
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
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
		{"gzip in two members", append(zip(good[:7]), zip(good[7:])...), ""},
		{"empty", nil, "within its header"},
		{"half a header", good[:9], "ends after 9 bytes, within its header of 16"},
		{"labels", idx(magicLabels, []uint32{12}, pixels), "is not a file of images in MNIST's format (it has labels): it begins with 0x00000801 and not 0x00000803"},
		{"short labels", idx(magicLabels, []uint32{1}, []byte{1}), "is not a file of images in MNIST's format (it has labels): it begins with 0x00000801 and not 0x00000803"},
		{"a page", []byte("<!DOCTYPE html><html>"), "format (it looks like an HTML page, such as a failed download leaves): it begins"},
		{"a page in gzip", zip([]byte("<!DOCTYPE html><html>")), "looks like an HTML page"},
		{"a short page", []byte("<html"), "HTML page"},
		{"gzip of gzip", zip(zip(good)), "looks like a gzip file"},
		{"truncated", good[:len(good)-1], "ends after 11 of the 12"},
		{"truncated gzip", zip(good)[:len(zip(good))-5], "cut short"},
		{"gzip's first bytes", []byte{0x1f, 0x8b}, "cut short"},
		{"gzip of truncated", zip(good[:len(good)-3]), "ends after 9 of the 12"},
		{"trailing byte", append(bytes.Clone(good), 0), "has more data after"},
		{"trailing byte in gzip", zip(append(bytes.Clone(good), 0)), "has more data after"},
		{"trailing bytes after gzip", append(zip(good), "more"...), "cut short"},
		{"much after gzip", append(zip(good), "much more than that"...), "has more data after"},
		{"wrong checksum", broken, "gzip checksum is wrong"},
		{"no images", idx(magicImages, []uint32{0, 28, 28}, nil), "[0 28 28]"},
		{"no pixels", idx(magicImages, []uint32{3, 0, 28}, nil), "nothing in it"},
		{"hostile count", idx(magicImages, []uint32{4000000000, 28, 28}, pixels), "[4000000000 28 28]"},
		{"hostile product", idx(magicImages, []uint32{1 << 31, 1 << 31, 1 << 31}, pixels), "more than any data set"},
		{"product of 2⁶⁴", idx(magicImages, []uint32{1 << 31, 1 << 31, 4}, pixels), "more than any data set"},
		{"promises much", idx(magicImages, []uint32{1000, 28, 28}, pixels), "can hold"},
		{"gzip promises much", zip(idx(magicImages, []uint32{60000, 100, 280}, pixels)), "can hold"},
	} {
		dims, data, err := readIDX(bytes.NewReader(c.file), int64(len(c.file)), magicImages, nil)
		switch {
		case c.want == "" && (err != nil || !bytes.Equal(data, pixels) || len(dims) != 3 || dims[0] != 3 || dims[1] != 2):
			t.Errorf("%s: %v, %v, %v", c.name, dims, data, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		case err != nil && (strings.Contains(err.Error(), "\n") || !strings.ContainsAny(err.Error(), ";")):
			t.Errorf("%s: the error has several lines, or does not say what to do: %v", c.name, err)
		}
	}
}

// The highest compression there is stays within what a header may promise.
func TestLargestRatioIsRead(t *testing.T) {
	const n = 2000
	file := zip(idx(magicImages, []uint32{n, 28, 28}, make([]byte, n*784)))
	if _, data, err := readIDX(bytes.NewReader(file), int64(len(file)), magicImages, nil); err != nil || len(data) != n*784 {
		t.Errorf("%d bytes from %d: %v", len(data), len(file), err)
	}
}

func TestReadFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	images, n, h, w, err := ReadImages(write("images", zip(idx(magicImages, []uint32{2, 1, 3}, []byte{1, 2, 3, 4, 5, 6}))))
	if err != nil || n != 2 || h != 1 || w != 3 || !bytes.Equal(images, []byte{1, 2, 3, 4, 5, 6}) {
		t.Errorf("%v of %d×%d×%d, %v", images, n, h, w, err)
	}
	labels := write("labels.gz", idx(magicLabels, []uint32{3}, []byte{7, 8, 200})) // plain in spite of its name
	if got, err := ReadLabels(labels); err != nil || !bytes.Equal(got, []byte{7, 8, 200}) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := ReadLabels(dir); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a directory: %v", err)
	}
	for _, path := range []string{labels, dir, filepath.Join(dir, "nowhere")} {
		_, _, _, _, err := ReadImages(path)
		if err == nil || !strings.HasPrefix(err.Error(), path+": ") || strings.Count(err.Error(), path) != 1 {
			t.Errorf("error %v for %s", err, path)
		}
	}
}

// allocated is how many bytes f takes from the heap, in all.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// A header takes no memory before the bytes are there.
func TestHostileHeaderTakesNoMemory(t *testing.T) {
	for name, header := range map[string][]byte{
		"within what gzip can": idx(magicImages, []uint32{1000, 1000, 1000}, make([]byte, 10000)),
		"after it has grown":   idx(magicImages, []uint32{1000, 1000, 1000}, make([]byte, 90000)),
		"beyond":               idx(magicImages, []uint32{1 << 20, 1 << 20, 1}, make([]byte, 10000)),
	} {
		file := zip(header)
		took := allocated(func() {
			if _, _, err := readIDX(bytes.NewReader(file), 1<<30, magicImages, nil); err == nil {
				t.Fatal("no error")
			}
		})
		if took > 700_000 { // the buffers of gzip and bufio, and what is read, as it grows
			t.Errorf("%s: %d bytes for a file with %d", name, took, len(header))
		}
	}
}

// repeated is a stream that never ends, and how much was read of it.
type repeated struct {
	first, then []byte
	read        int
}

func (r *repeated) Read(p []byte) (int, error) {
	if len(r.first) == 0 {
		r.first = r.then
	}
	n := copy(p, r.first)
	r.first = r.first[n:]
	r.read += n
	return n, nil
}

// A gzip stream that unpacks to gigabytes is unpacked only as far as its header
// promises, and not at all where the labels tell otherwise.
func TestBombIsNotUnpacked(t *testing.T) {
	zeros := zip(make([]byte, 1<<20)) // about 1 KB
	for name, c := range map[string]struct {
		promised uint32
		labels   int
		want     string
		most     uint64 // bytes taken
	}{
		"small header":    {10, 10, "has more data after the 7840 bytes", 400_000},
		"large header":    {2_000_000, 10, "has 2,000,000 images, not 10", 300_000},
		"honest in count": {2000, 2000, "has more data after the 1568000 bytes", 4*1568000 + 400_000},
	} {
		in := &repeated{first: zip(idx(magicImages, []uint32{c.promised, 28, 28}, nil)), then: zeros}
		took := allocated(func() {
			_, _, err := readIDX(in, 1<<30, magicImages, func(dims []int) error {
				if dims[0] != c.labels {
					return fmt.Errorf("has %s images, not %d", message.Thousands(dims[0]), c.labels)
				}
				return nil
			})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: error %v, want one with %q", name, err, c.want)
			}
		})
		if in.read > 1<<17 || took > c.most {
			t.Errorf("%s: %d bytes read and %d taken", name, in.read, took)
		}
	}
	// Two files of a directory: the labels are read first.
	dir := tree(t, map[string][]byte{
		trainImages: append(idx(magicImages, []uint32{1000, 28, 28}, nil), make([]byte, 784_000)...),
		trainLabels: idx(magicLabels, []uint32{2}, []byte{0, 1}),
	})
	var err error
	took := allocated(func() {
		_, err = loadSet(context.Background(), []string{filepath.Join(dir, trainImages)}, []string{filepath.Join(dir, trainLabels)})
	})
	if err == nil || !strings.Contains(err.Error(), "has 1,000 images, but "+trainLabels+" has 2 labels") || took > 500_000 {
		t.Errorf("%d bytes taken, error %v", took, err)
	}
}

func fuzz(f *testing.F, magic uint32, good []byte) {
	f.Add(good)
	f.Add(zip(good))
	f.Add(good[:len(good)-1])
	f.Add(append(zip(good), 0x1f))
	f.Add(idx(magicColour, []uint32{1, 2, 2, 3}, make([]byte, 12)))
	f.Add(idx(magic, []uint32{1 << 31, 1 << 31, 2}, nil))
	f.Add(zip(idx(magic, []uint32{60000, 28, 28}, make([]byte, 5000))))
	f.Fuzz(func(t *testing.T, file []byte) {
		var dims []int
		var data []byte
		var err error
		took := allocated(func() { dims, data, err = readIDX(bytes.NewReader(file), int64(len(file)), magic, nil) })
		// Buffers, and what is copied while the content grows: less than 4 times.
		if bound := uint64(4*maxRatio*len(file) + 1<<20); took > bound {
			t.Errorf("%d bytes taken for a file of %d", took, len(file))
		}
		if err != nil {
			if strings.Contains(err.Error(), "\n") || data != nil || dims != nil {
				t.Errorf("%d bytes, %v with the error %q", len(data), dims, err)
			}
			return
		}
		product := 1
		for _, d := range dims {
			product *= d
		}
		inColour := magic == magicImages && len(dims) == 4 && dims[3] == 3
		if len(dims) != int(magic&0xff) && !inColour || product != len(data) || len(data) > len(file)*maxRatio {
			t.Errorf("dimensions %v with %d bytes from a file of %d", dims, len(data), len(file))
		}
	})
}

func FuzzReadImages(f *testing.F) {
	fuzz(f, magicImages, idx(magicImages, []uint32{2, 2, 2}, make([]byte, 8)))
}

func FuzzReadLabels(f *testing.F) {
	fuzz(f, magicLabels, idx(magicLabels, []uint32{3}, []byte{0, 1, 2}))
}
