package kmnist

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// dotted is a picture of w×h with a bright dot whose place n tells, in colour.
func dotted(t testing.TB, w, h, n int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = []uint8{0, 0, 0, 255}[i%4]
	}
	for y := range 3 {
		for x := range 3 {
			m.SetRGBA(1+(n+x)%(w-2), 1+(n/(w-2)+y)%(h-2), color.RGBA{250, 200, 150, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// folders writes so many pictures of w×h into each folder of a new directory, and other
// files among them, which are no pictures.
func folders(t testing.TB, w, h int, counts map[string]int) string {
	t.Helper()
	dir := t.TempDir()
	put := func(path string, data []byte) {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		for i := range counts[name] {
			put(filepath.Join(dir, filepath.FromSlash(name), fmt.Sprint(i, ".png")), dotted(t, w, h, i))
		}
		put(filepath.Join(dir, filepath.FromSlash(name), "Thumbs.db"), []byte("x"))
		put(filepath.Join(dir, filepath.FromSlash(name), "._1.png"), []byte("x"))
	}
	put(filepath.Join(dir, ".hidden", "1.png"), []byte("x"))
	put(filepath.Join(dir, "notes.txt"), []byte("x"))
	return dir
}

func TestLoadPictures(t *testing.T) {
	dir := folders(t, 20, 16, map[string]int{"10": 5, "9": 10, "100": 2})
	d, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.Classes, []Class{{"", "9"}, {"", "10"}, {"", "100"}}) {
		t.Errorf("numbers in the order %v", d.Classes)
	}
	have, _ := d.Train.Count(3)
	held, _ := d.Test.Count(3)
	if !slices.Equal(have, []int{8, 4, 1}) || !slices.Equal(held, []int{2, 1, 1}) || d.Train.H != 16 || d.Train.W != 20 || d.Train.Channels() != 1 {
		t.Errorf("%v and %v of %s", have, held, d.Train.Dimensions())
	}
	if slices.IsSorted(d.Train.Labels) {
		t.Error("the training images are in the order of their classes, which --limit would not survive")
	}
	if names := Names(dir); !slices.Equal(names, d.Classes) {
		t.Errorf("Names: %v", names)
	}
	// The same wherever it is, whenever it is read, and with another seed another.
	moved := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	again, err := Load(moved)
	if err != nil || again.Hash() != d.Hash() || !again.Pictures || again.Name != moved {
		t.Errorf("moved: %v, %+v", err, again)
	}
	other, err := Open(context.Background(), moved, Options{Pictures: PictureOptions{Seed: 2, TestShare: 0.5}})
	if held, _ := other.Test.Count(3); err != nil || other.Hash() == d.Hash() || !slices.Equal(held, []int{5, 3, 1}) {
		t.Errorf("half: %v, %v", held, err)
	}
	top, err := Open(context.Background(), moved, Options{Pictures: PictureOptions{Top: 2, Size: Size{10, 10, 3}}})
	if err != nil || !slices.Equal(top.Classes, []Class{{"", "9"}, {"", "10"}}) || top.Train.Len()+top.Test.Len() != 15 ||
		len(top.Train.Images) != top.Train.Len()*300 || top.Train.Channels() != 3 {
		t.Errorf("two classes in colour: %v, %v", top.Classes, err)
	}
	if err := Pack(top, filepath.Join(moved, "packed")); err != nil {
		t.Fatal(err)
	}
	back, err := Load(filepath.Join(moved, "packed"))
	if err != nil || back.Hash() != top.Hash() || !slices.Equal(back.Classes, top.Classes) {
		t.Errorf("packed and read: %v, %v", back.Classes, err)
	}
}

func TestLoadPicturesGiven(t *testing.T) {
	for _, test := range []string{"test", "Val"} {
		dir := folders(t, 70, 30, map[string]int{"Train/U+4E00": 3, "Train/u+3042": 2, test + "/U+4E00": 1, test + "/x": 1})
		d, err := Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(d.Classes, []Class{{"一", "U+4E00"}, {"あ", "a"}, {"", "x"}}) || d.Train.Len() != 5 || d.Test.Len() != 2 {
			t.Errorf("%v, %d and %d images", d.Classes, d.Train.Len(), d.Test.Len())
		}
		if d.Train.Dimensions() != "28×28" || !strings.Contains(strings.Join(d.Notes, " "), "the test set is "+test) {
			t.Errorf("%s, %q", d.Train.Dimensions(), d.Notes)
		}
	}
	// A class may be called train.
	d, err := Load(folders(t, 20, 20, map[string]int{"train": 3, "test": 3}))
	if err != nil || len(d.Classes) != 2 || d.Classes[1].Name != "train" {
		t.Errorf("%v, %v", d.Classes, err)
	}
}

func TestLoadPicturesNamed(t *testing.T) {
	dir := folders(t, 20, 20, map[string]int{"a": 3, "b": 3})
	names := filepath.Join(t.TempDir(), "names.txt")
	for text, want := range map[string]string{"お\to\nき\tki\n": "", "x\n": "labels go from 0 to 1", "x\ny\nz\n": "there are 2 sub-folders"} {
		if err := os.WriteFile(names, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		d, err := Open(context.Background(), dir, Options{Classes: names})
		if want == "" && (err != nil || d.Classes[1].Symbol != "き") || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, %v", text, d.Classes, err)
		}
	}
}

func TestLoadPicturesOdd(t *testing.T) {
	dir := folders(t, 20, 20, map[string]int{"a": 4, "b": 4})
	blank := image.NewGray(image.Rect(0, 0, 20, 20))
	var b bytes.Buffer
	if err := png.Encode(&b, blank); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a", "blank.png"), b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "b"), filepath.Join(dir, "c")); err != nil {
		t.Fatal(err)
	}
	d, err := Load(dir)
	if err != nil || d.Train.Len()+d.Test.Len() != 12 || len(d.Classes) != 3 || !strings.Contains(strings.Join(d.Notes, " "), "left out 1 blank picture") {
		t.Errorf("%d and %d images, %q, %v", d.Train.Len(), d.Test.Len(), d.Notes, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Open(ctx, dir, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v after cancelling", err)
	}
	// A bomb is refused by its header.
	bomb := dotted(t, 20, 20, 1)
	copy(bomb[16:], []byte{0, 0xff, 0xff, 0xff, 0, 0xff, 0xff, 0xff})
	header := bomb[12:29]
	sum := crc(header)
	copy(bomb[29:], sum)
	if err := os.WriteFile(filepath.Join(dir, "a", "1.png"), bomb, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "1.png: is 16777215×16777215 pixels, but at most 50 million") || strings.Contains(err.Error(), "\n") {
		t.Errorf("a bomb: %v", err)
	}
	bad := folders(t, 20, 20, map[string]int{"a": 2, strings.Repeat("b", 61): 2})
	if _, err := Load(bad); err == nil || !strings.Contains(err.Error(), "has more than 60 characters; rename it") {
		t.Errorf("a long name: %v", err)
	}
	if IsPictures(t.TempDir()) || !IsPictures(dir) || IsPictures(directory(t, nil)) || IsPictures(filepath.Join(dir, "nowhere")) {
		t.Error("IsPictures")
	}
}

// Pictures of kinds that are not read are told from no pictures, and none is left out
// without a word.
func TestLoadPicturesOfOtherKinds(t *testing.T) {
	dir := folders(t, 20, 20, map[string]int{"a": 4, "b": 4})
	webp := filepath.Join(dir, "b", "5.WebP")
	if err := os.WriteFile(webp, []byte("RIFF"), 0o666); err != nil {
		t.Fatal(err)
	}
	want := "left out 1 picture that is not a PNG, JPEG or GIF, " + webp + "; convert it to have it read"
	if d, err := Load(dir); err != nil || !slices.Contains(d.Notes, want) {
		t.Errorf("%q, %v", d.Notes, err)
	}
	other := folders(t, 20, 20, map[string]int{"a": 0, "b": 0})
	if _, err := Load(other); err == nil || !strings.Contains(err.Error(), "there is no train-images") {
		t.Errorf("without pictures: %v", err)
	}
	tiff := filepath.Join(other, "a", "1.tif")
	if err := os.MkdirAll(filepath.Dir(tiff), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(tiff, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	want = "has no PNG, JPEG or GIF pictures in its sub-folders, but 1 of another kind, " + tiff + "; convert it"
	if _, err := Load(other); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %q", err, want)
	}
}

func TestPackErrors(t *testing.T) {
	d := Data{Train: Set{Images: []uint8{1, 2}, Labels: []uint8{0, 1}, H: 1, W: 1}, Classes: Numbered(2)}
	d.Test = d.Train
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below"), filepath.Dir(file)} {
		if err := Pack(d, dir); err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v", dir, err)
		}
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "x" {
		t.Errorf("the file is %q now, %v", text, err)
	}
}

func TestParseSize(t *testing.T) {
	for text, want := range map[string]Size{"28": {28, 28, 1}, "32x24": {32, 24, 1}, "32×24×3": {32, 24, 3}, "2x256x1": {2, 256, 1}} {
		if got, err := ParseSize(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "x", "1", "257", "28x", "28x28x2", "28x28x3x1", "-5", "28,28", "9999999999999999999"} {
		if got, err := ParseSize(text); err == nil || !strings.Contains(err.Error(), "is not a size; want 28") {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

func TestFashionMNIST(t *testing.T) {
	files := map[string][]byte{
		trainImages: idx(magicImages, []uint32{2, 1, 2}, make([]byte, 4)), trainLabels: idx(magicLabels, []uint32{2}, []byte{0, 9}),
		testImages: idx(magicImages, []uint32{1, 1, 2}, make([]byte, 2)), testLabels: idx(magicLabels, []uint32{1}, []byte{7}),
	}
	for below, want := range map[string]string{"FashionMNIST/raw": "Ankle boot", "fashion": "Ankle boot", "x": "9", "fashion/old": "9"} {
		dir := tree(t, under(below, files))
		if d, err := Load(filepath.Join(dir, filepath.FromSlash(below))); err != nil || len(d.Classes) != 10 || d.Classes[9].Name != want {
			t.Errorf("%s: %v, %v", below, d.Classes, err)
		}
	}
}

// EMNIST's letters are upright, and the names of a mapping that has a line for each
// letter belong to labels that begin at 0.
func TestEMNISTIsUpright(t *testing.T) {
	files := map[string][]byte{
		"emnist-letters-train-images-idx3-ubyte": idx(magicImages, []uint32{2, 2, 3}, []byte{1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0}),
		"emnist-letters-train-labels-idx1-ubyte": idx(magicLabels, []uint32{2}, []byte{1, 2}),
		"emnist-letters-test-images-idx3-ubyte":  idx(magicImages, []uint32{1, 2, 3}, make([]byte, 6)),
		"emnist-letters-test-labels-idx1-ubyte":  idx(magicLabels, []uint32{1}, []byte{2}),
		"emnist-letters-mapping.txt":             []byte("1 65 97\n2 66 98\n"),
	}
	dir := tree(t, files)
	d, err := Load(dir)
	if err != nil || d.Train.H != 3 || d.Train.W != 2 || !slices.Equal(d.Train.Image(0), []byte{1, 4, 2, 5, 3, 6}) ||
		!slices.Equal(d.Train.Labels, []byte{0, 1}) || !slices.Equal(d.Classes, []Class{{"", "A"}, {"", "B"}}) {
		t.Errorf("%+v, %v", d, err)
	}
	if names := Names(dir); !slices.Equal(names, d.Classes) {
		t.Errorf("Names: %v", names)
	}
}

// crc is the checksum of a PNG's chunk.
func crc(chunk []byte) []byte { return binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(chunk)) }
