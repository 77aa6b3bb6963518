package kmnist

import (
	archive "archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// npy is an array as numpy.save writes it (NEP 1).
func npy(descr, shape string, data []byte) []byte {
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", descr, shape)
	return npyOf(header, data)
}

func npyOf(header string, data []byte) []byte {
	for (len(numpyMagic)+4+len(header)+1)%64 != 0 {
		header += " "
	}
	header += "\n"
	out := append([]byte(numpyMagic), 1, 0)
	out = binary.LittleEndian.AppendUint16(out, uint16(len(header)))
	return append(append(out, header...), data...)
}

// npz is an archive of arrays as numpy.savez and savez_compressed write it.
func npz(compress bool, arrays ...any) []byte {
	var b bytes.Buffer
	z := archive.NewWriter(&b)
	for i := 0; i < len(arrays); i += 2 {
		h := &archive.FileHeader{Name: arrays[i].(string) + ".npy"}
		if compress {
			h.Method = archive.Deflate
		}
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write(arrays[i+1].([]byte))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// notNPZ is an archive of something else.
func notNPZ() []byte {
	return bytes.ReplaceAll(npz(false, "x", []byte("y")), []byte("x.npy"), []byte("x.txt"))
}

// kuzushiji is a directory with the four files of a set as CODH names them.
func kuzushiji(t *testing.T, prefix string, change func(files map[string][]byte)) string {
	t.Helper()
	pixels := make([]byte, 12)
	for i := range pixels {
		pixels[i] = byte(i)
	}
	files := map[string][]byte{
		prefix + "-train-imgs.npz":   npz(true, "arr_0", npy("|u1", "(3, 2, 2)", pixels)),
		prefix + "-train-labels.npz": npz(true, "arr_0", npy("|u1", "(3,)", []byte{0, 48, 5})),
		prefix + "-test-imgs.npz":    npz(false, "arr_0", npy("|u1", "(1, 2, 2)", pixels[:4])),
		prefix + "-test-labels.npz":  npz(false, "arr_0", npy("<i8", "(1,)", []byte{7, 0, 0, 0, 0, 0, 0, 0})),
	}
	if change != nil {
		change(files)
	}
	dir := t.TempDir()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLoadNumPy(t *testing.T) {
	dir := kuzushiji(t, "k49", nil)
	d, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if d.Train.Len() != 3 || d.Train.H != 2 || d.Train.Channels() != 1 || !slices.Equal(d.Train.Image(1), []byte{4, 5, 6, 7}) ||
		!slices.Equal(d.Train.Labels, []byte{0, 48, 5}) || !slices.Equal(d.Test.Labels, []byte{7}) {
		t.Errorf("%+v", d)
	}
	if len(d.Classes) != 49 || d.Classes[0] != (Class{"あ", "a"}) || d.Classes[4] != (Class{"お", "o"}) || d.Classes[47] != (Class{"ん", "n"}) || d.Classes[48].Symbol != "ゝ" {
		t.Errorf("classes %v", d.Classes)
	}
	if names := Names(dir); !slices.Equal(names, d.Classes) {
		t.Errorf("Names: %v", names)
	}
	reports, err := Verify(dir)
	if err != nil || reports[0].Err != nil || reports[0].About != "3 images" || reports[3].About != "1 label" {
		t.Errorf("%+v, %v", reports, err)
	}
	// Two sets in one directory are told apart by their prefixes.
	for name, file := range map[string]string{"kmnist-train-imgs.npz": "k49-train-imgs.npz", "kmnist-train-labels.npz": "k49-train-labels.npz",
		"kmnist-test-imgs.npz": "k49-test-imgs.npz", "kmnist-test-labels.npz": "k49-test-labels.npz"} {
		if err := os.Link(filepath.Join(dir, file), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "several data sets") {
		t.Errorf("two sets: %v", err)
	}
	if d, err = Load(filepath.Join(dir, "kmnist")); err != nil || d.Classes[1].Name != "1" {
		t.Errorf("%v, %v", d.Classes, err)
	}
}

// CODH's own file of characters names them.
func TestLoadClassmap(t *testing.T) {
	dir := kuzushiji(t, "kanji", func(f map[string][]byte) {
		var b strings.Builder
		b.WriteString("\ufeffindex,codepoint,char\r\n")
		for i := range 49 {
			fmt.Fprintf(&b, "%d,U+%04X,%c\r\n", i, 0x4e00+i, rune(0x4e00+i))
		}
		f["kanji_classmap.csv"] = []byte(b.String())
	})
	d, err := Load(dir)
	if err != nil || len(d.Classes) != 49 || d.Classes[0] != (Class{"一", "U+4E00"}) {
		t.Errorf("%v, %v", d.Classes, err)
	}
	for text, want := range map[string]string{
		"index,codepoint,char\n1,U+3042,あ\n":   "line 2 is not the label 0",
		"index,codepoint,char\n0,3042,あ\n":     "line 2 is not the label 0",
		"index,codepoint,char\n0,U+110000,x\n": "line 2 is not the label 0",
		"0,U+0007\n":                           "line 1 is not the label 0",
		"index,codepoint,char\n":               "is empty",
		"0,\"U+3042\n":                         "is not a CSV table",
		"0,U+3042\n1,U+3042\n":                 "has the name a for class 0 and for class 1",
	} {
		path := filepath.Join(t.TempDir(), "k49_classmap.csv")
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadClasses(path); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestReadNumPyErrors(t *testing.T) {
	long := npyOf("x", nil)
	long[8], long[9] = 0, 0
	damagedSum := npz(true, "arr_0", npy("|u1", "(3, 2, 2)", bytes.Repeat([]byte{1, 2, 3}, 4)))
	at := bytes.Index(damagedSum, []byte("PK\x07\x08")) // the data descriptor, which has the checksum
	damagedSum[at+4]++
	directory := bytes.Index(damagedSum, []byte("PK\x01\x02"))
	damagedSum[directory+16]++
	for name, c := range map[string]struct {
		file   []byte
		labels bool
		want   string
	}{
		"cut zip":         {npz(true, "arr_0", npy("|u1", "(3, 2, 2)", make([]byte, 12)))[:60], false, "is damaged"},
		"checksum":        {damagedSum, false, "is damaged"},
		"no array":        {notNPZ(), false, "is a zip archive without a NumPy array in it"},
		"other entries":   {npz(false, "a", npy("|u1", "(1, 2, 2)", make([]byte, 4)), "b", []byte{}), false, "has the arrays a, b; give a file with one, arr_0"},
		"not an array":    {npz(false, "arr_0", []byte("something else")), false, "is not a NumPy array"},
		"cut header":      {npy("|u1", "(3, 2, 2)", nil)[:40], false, "ends within its header"},
		"cut start":       {[]byte(numpyMagic + "\x01"), false, "ends within its header"},
		"long header":     {append([]byte(numpyMagic), 2, 0, 0xff, 0xff, 0xff, 0xff), false, "has a header of 4294967295 bytes"},
		"no header":       {long, false, "is not a NumPy array of numbers"},
		"records":         {npyOf("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2,), }", nil), true, "has records or objects"},
		"objects":         {npyOf("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", nil), true, "has records or objects"},
		"Fortran":         {npyOf("{'descr': '|u1', 'fortran_order': True, 'shape': (1, 2, 2), }", make([]byte, 4)), false, "numpy.ascontiguousarray"},
		"floats":          {npy("<f4", "(1, 2, 2)", make([]byte, 16)), false, "not of NumPy's type uint8"},
		"flat":            {npy("|u1", "(2, 784)", make([]byte, 1568)), false, "shape (2, 784); want images of shape (N, H, W)"},
		"channels first":  {npy("|u1", "(1, 3, 4, 4)", make([]byte, 48)), false, "shape (1, 3, 4, 4)"},
		"nothing":         {npy("|u1", "(0, 2, 2)", nil), false, "has the shape (0, 2, 2) in its header, so there is nothing in it"},
		"huge":            {npy("|u1", "(99999999999, 2, 2)", nil), false, "more than any data set"},
		"huge product":    {npy("|u1", "(65536, 65536, 2)", nil), false, "more than any data set"},
		"many dimensions": {npy("|u1", "(1,1,1,1,1,1,1,1,1,1)", []byte{1}), false, "more dimensions than images"},
		"too short":       {npy("|u1", "(1, 2, 2)", []byte{1}), false, "ends after 1 of the 4 bytes"},
		"short in a zip":  {npz(true, "arr_0", npy("|u1", "(1, 2, 2)", []byte{1})), false, "ends after 1 of the 4 bytes"},
		"too long":        {npy("|u1", "(1, 2, 2)", make([]byte, 5)), false, "more data after the 4 bytes"},
		"bomb":            {npz(true, "arr_0", npy("|u1", "(2000, 1000, 1000)", nil)), false, "more than the file can hold"},
		"labels of rank":  {npy("|u1", "(2, 10)", make([]byte, 20)), true, "want labels of shape (N,)"},
		"float labels":    {npy("<f8", "(1,)", make([]byte, 8)), true, "not whole numbers"},
		"label 300":       {npy("<i2", "(2,)", []byte{1, 0, 44, 1}), true, "has a label at 1 that is not from 0 to 255"},
		"label -1":        {npy("|i1", "(1,)", []byte{0xff}), true, "has a label at 0"},
		"label -1, wide":  {npy(">i8", "(1,)", bytes.Repeat([]byte{0xff}, 8)), true, "has a label at 0"},
	} {
		path := filepath.Join(t.TempDir(), "x.npz")
		if err := os.WriteFile(path, c.file, 0o666); err != nil {
			t.Fatal(err)
		}
		magic := uint32(magicImages)
		if c.labels {
			magic = magicLabels
		}
		_, _, err := readFile(path, magic, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestReadNumPy(t *testing.T) {
	colours := []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	for name, c := range map[string]struct {
		file  []byte
		magic uint32
		dims  []int
		data  []byte
	}{
		"alone":          {npy("|u1", "(3, 2, 2)", colours), magicImages, []int{3, 2, 2}, colours},
		"one channel":    {npy("|u1", "(3, 2, 2, 1)", colours), magicImages, []int{3, 2, 2}, colours},
		"colour":         {npy("|u1", "(1, 2, 2, 3)", colours), magicImages, []int{1, 2, 2, 3}, colours},
		"another name":   {npz(true, "images", npy("|u1", "(3, 2, 2)", colours)), magicImages, []int{3, 2, 2}, colours},
		"arr_0 first":    {npz(true, "x", npy("|u1", "(1,)", []byte{1}), "arr_0", npy("|u1", "(3, 2, 2)", colours)), magicImages, []int{3, 2, 2}, colours},
		"big-endian":     {npy(">i4", "(2,)", []byte{0, 0, 0, 9, 0, 0, 0, 255}), magicLabels, []int{2}, []byte{9, 255}},
		"column":         {npy("<u2", "(2, 1)", []byte{9, 0, 3, 0}), magicLabels, []int{2}, []byte{9, 3}},
		"version 2":      {append(append([]byte(numpyMagic), 2, 0, 60, 0, 0, 0), fmt.Sprintf("%-59s\n\x05\x06", "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }")...), magicLabels, []int{2}, []byte{5, 6}},
		"colour, IDX":    {idx(magicColour, []uint32{1, 2, 2, 3}, colours), magicImages, []int{1, 2, 2, 3}, colours},
		"grey, IDX, zip": {zip(idx(magicImages, []uint32{3, 2, 2}, colours)), magicImages, []int{3, 2, 2}, colours},
	} {
		path := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(path, c.file, 0o666); err != nil {
			t.Fatal(err)
		}
		dims, data, err := readFile(path, c.magic, nil)
		if err != nil || !slices.Equal(dims, c.dims) || !bytes.Equal(data, c.data) {
			t.Errorf("%s: %v %v %v", name, dims, data, err)
		}
	}
	if _, _, err := readIDX(bytes.NewReader(idx(magicColour, []uint32{1, 2, 2, 4}, make([]byte, 16))), 36, magicImages, nil); err == nil || !strings.Contains(err.Error(), "has 4 channels and not 3") {
		t.Errorf("four channels: %v", err)
	}
}

// Whatever a file holds, reading it ends with an error of one line, or with as many
// bytes as its header says, and takes no more memory than the file can fill.
func FuzzReadNumPy(f *testing.F) {
	f.Add(npy("|u1", "(3, 2, 2)", make([]byte, 12)), false)
	f.Add(npz(true, "arr_0", npy("|u1", "(3, 2, 2)", make([]byte, 12))), false)
	f.Add(npz(false, "arr_0", npy("<i8", "(1,)", make([]byte, 8))), true)
	f.Add(npz(true, "arr_0", npy("|u1", "(2000, 1000, 1000)", nil)), false)
	f.Fuzz(func(t *testing.T, file []byte, labels bool) {
		magic := uint32(magicImages)
		if labels {
			magic = magicLabels
		}
		var dims []int
		var data []byte
		var err error
		took := allocated(func() { dims, data, err = readContent(bytes.NewReader(file), int64(len(file)), magic, nil) })
		// As for IDX, and labels of eight bytes; decompressors and the archive's directory.
		if bound := uint64(8*maxRatio*len(file) + 2<<20); took > bound {
			t.Errorf("%d bytes taken for a file of %d", took, len(file))
		}
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than a line: %q", err)
			}
			return
		}
		want := 1
		for _, d := range dims {
			want *= d
		}
		if len(data) != want || len(data) > maxRatio*len(file) {
			t.Errorf("%d bytes for %v, of a file of %d", len(data), dims, len(file))
		}
	})
}
