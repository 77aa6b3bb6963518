package kmnist

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"glyph/internal/needs"
)

func TestReadClasses(t *testing.T) {
	letters := "1 65 97\n2 66 98\n3 67 99\n"
	for _, c := range []struct {
		name, file, text string
		want             []Class
		wrong            string
	}{
		{"names", "a.txt", "T-shirt/top\nTrouser\n", []Class{{"", "T-shirt/top"}, {"", "Trouser"}}, ""},
		{"characters", "a.txt", "\ufeffお\to\r\nき\tki\r\n\r\n", Characters()[:2], ""},
		{"EMNIST's", "emnist-letters-mapping.txt", letters, []Class{{"", "0"}, {"", "A"}, {"", "B"}, {"", "C"}}, ""},
		{"EMNIST's as names", "a.txt", letters, []Class{{"", "1 65 97"}, {"", "2 66 98"}, {"", "3 67 99"}}, ""},
		{"empty", "a.txt", "\n \n", nil, "is empty; give"},
		{"a line missing", "a.txt", "a\n\nb", nil, "line 2 is empty; give the name"},
		{"twice", "a.txt", "a\nb\na", nil, "name a for class 0 and for class 2"},
		{"escapes", "a.txt", "a\n\x1b[31m", nil, "line 2 has characters that can't be printed"},
		{"not text", "a.txt", "PK\x03\x04\x00\x00", nil, "is not a text file"},
		{"too many", "a.txt", strings.Repeat("a\n", 257), nil, "has 257 lines"},
		{"too large", "a.txt", strings.Repeat("x", maxNamesFile+1), nil, "more than 65536 bytes"},
		{"not a mapping", "x-mapping.txt", "1 65\nB 66", nil, "line 2 is not a label from 0 to 255 and the code"},
		{"half a mapping", "x-mapping.txt", "1", nil, "line 1 is not"},
		{"a label of 256", "x-mapping.txt", "256 65", nil, "line 1 is not"},
		{"a control character", "x-mapping.txt", "1 27", nil, "line 1: character 27"},
		{"an empty mapping", "x-mapping.txt", "", nil, "is empty"},
	} {
		path := filepath.Join(t.TempDir(), c.file)
		if err := os.WriteFile(path, []byte(c.text), 0o666); err != nil {
			t.Fatal(err)
		}
		got, err := ReadClasses(path)
		if c.wrong == "" && (err != nil || !slices.Equal(got, c.want)) {
			t.Errorf("%s: %v, %v, want %v", c.name, got, err, c.want)
		}
		if c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong) || !strings.HasPrefix(err.Error(), path) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.wrong)
		}
	}
	for _, path := range []string{t.TempDir(), filepath.Join(t.TempDir(), "nowhere")} {
		if _, err := ReadClasses(path); err == nil {
			t.Errorf("%s has names", path)
		}
	}
}

// Where the names of a directory's classes come from.
func TestLoadNamesTheClasses(t *testing.T) {
	set := func(labels ...byte) map[string][]byte {
		n := uint32(len(labels))
		return map[string][]byte{
			"x-train-images-idx3-ubyte": idx(magicImages, []uint32{n, 1, 2}, make([]byte, 2*n)),
			"x-train-labels-idx1-ubyte": idx(magicLabels, []uint32{n}, labels),
			"x-test-images-idx3-ubyte":  idx(magicImages, []uint32{1, 1, 2}, []byte{3, 4}),
			"x-test-labels-idx1-ubyte":  idx(magicLabels, []uint32{1}, labels[:1]),
		}
	}
	text := func(name, text string) map[string][]byte { return map[string][]byte{name: []byte(text)} }
	for _, c := range []struct {
		name   string
		sets   []map[string][]byte
		want   string // the names
		note   string
		refuse string
	}{
		{"labels alone", []map[string][]byte{set(2, 0, 11)}, "0 1 2 3 4 5 6 7 8 9 10 11", "", ""},
		{"fewer than ten", []map[string][]byte{set(1, 0)}, "0 1", "", ""},
		{"all that a byte can be", []map[string][]byte{set(0, 255)}, "", "", ""},
		{"classes.txt", []map[string][]byte{set(0, 1), text("classes.txt", "Coat\nBag\nBoot")}, "Coat Bag Boot", "", ""},
		{"labels.txt", []map[string][]byte{set(0, 1), text("labels.txt", "Coat\nBag")}, "Coat Bag", "", ""},
		{"labels.txt of images", []map[string][]byte{set(0, 1), text("labels.txt", strings.Repeat("1\n", 300))}, "0 1", "", ""},
		{"EMNIST's mapping", []map[string][]byte{set(0, 1), text("x-mapping.txt", "0 97\n1 98")}, "a b", "", ""},
		{"another set's mapping", []map[string][]byte{set(0, 1), text("y-mapping.txt", "0 97\n1 98")}, "0 1", "", ""},
		{"names above the files", []map[string][]byte{under("raw", set(0, 1)), text("classes.txt", "Coat\nBag")}, "Coat Bag", "", ""},
		{"labels from 1", []map[string][]byte{set(1, 2, 3)}, "0 1 2 3", "labels begin at 1", ""},
		{"mapping from 1", []map[string][]byte{set(1, 2), text("x-mapping.txt", "1 65 97\n2 66 98")}, "0 A B", "labels begin at 1", ""},
		{"names from 1", []map[string][]byte{set(1, 2), text("classes.txt", "A\nB")}, "0 A B", "labels begin at 1", ""},
		{"too few names", []map[string][]byte{set(0, 3), text("classes.txt", "A\nB\nC")}, "", "", "classes.txt: has 3 names, but the labels go from 0 to 3; give a line for each of 4 classes"},
		{"names that don't read", []map[string][]byte{set(0, 1), text("classes.txt", "A\n\nC")}, "", "", "line 2 is empty"},
	} {
		dir := tree(t, c.sets...)
		d, err := Load(dir)
		if c.refuse != "" {
			if err == nil || !strings.Contains(err.Error(), c.refuse) {
				t.Errorf("%s: error %v, want one with %q", c.name, err, c.refuse)
			}
			if Names(dir) != nil {
				t.Errorf("%s: the names are %v", c.name, Names(dir))
			}
			continue
		}
		var got []string
		for _, class := range d.Classes {
			got = append(got, class.String())
		}
		if err != nil || c.want != "" && strings.Join(got, " ") != c.want || len(got) < 2 {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
		if notes := strings.Join(d.Notes, " "); c.note == "" && notes != "" || !strings.Contains(notes, c.note) {
			t.Errorf("%s: notes %q", c.name, notes)
		}
		if names := Names(dir); !slices.Equal(names, d.Classes) {
			t.Errorf("%s: without the training images the names are %v", c.name, names)
		}
	}
}

// KMNIST is known by its test images, wherever they come from, and nothing else
// passes for it.
func TestOnlyKMNISTHasItsCharacters(t *testing.T) {
	dir := needs.KMNIST(t)
	d, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.Classes, Characters()) || !slices.Equal(Names(dir), Characters()) {
		t.Errorf("KMNIST has %v", d.Classes)
	}
	plain := func(s Set) ([]byte, []byte) {
		n := uint32(s.Len())
		return idx(magicImages, []uint32{n, 28, 28}, s.Images), idx(magicLabels, []uint32{n}, s.Labels)
	}
	small, _ := d.Train.Limit(30)
	files := map[string][]byte{}
	files["train-images.idx3-ubyte"], files["train-labels.idx1-ubyte"] = plain(small)
	files["t10k-images.idx3-ubyte"], files["t10k-labels.idx1-ubyte"] = plain(d.Test)
	if got, err := Load(tree(t, files)); err != nil || !slices.Equal(got.Classes, Characters()) {
		t.Errorf("unpacked and renamed: %v, %v", got.Classes, err)
	}
	images := bytes.Clone(files["t10k-images.idx3-ubyte"])
	images[len(images)-1] ^= 1
	files["t10k-images.idx3-ubyte"] = images
	if got, err := Load(tree(t, files)); err != nil || !slices.Equal(got.Classes, Numbered(10)) {
		t.Errorf("another test set: %v, %v", got.Classes, err)
	}
	files["classes.txt"] = []byte("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n")
	files["t10k-images.idx3-ubyte"][len(images)-1] ^= 1
	if got, err := Load(tree(t, files)); err != nil || got.Classes[9].Name != "j" {
		t.Errorf("names of one's own: %v, %v", got.Classes, err)
	}
	for _, name := range []string{Auto, Official, Drawn} {
		if !slices.Equal(Names(name), Characters()) {
			t.Errorf("%s has %v", name, Names(name))
		}
	}
	if Names(filepath.Join(dir, "nowhere")) != nil {
		t.Error("nothing has names")
	}
}

func FuzzReadClasses(f *testing.F) {
	for _, text := range []string{"a\nb", "お\to\n", "\ufeff\n", "1 65 97\n2 66 98", "0 1114111", "255 55296", "a\x1b[2J", "\xff\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, parse := range []func([]byte) ([]Class, error){parseClasses, parseMapping} {
			classes, err := parse(text)
			if err != nil {
				if strings.Contains(err.Error(), "\n") {
					t.Errorf("an error of several lines: %q", err)
				}
				continue
			}
			if len(classes) == 0 || len(classes) > maxClasses {
				t.Errorf("%d classes", len(classes))
			}
			// What is read can be written and read again.
			var lines [][]byte
			for _, c := range classes {
				line, err := c.MarshalText()
				if err != nil {
					t.Fatal(err)
				}
				lines = append(lines, line)
			}
			if again, err := parseClasses(bytes.Join(lines, []byte("\n"))); err != nil || !slices.Equal(again, classes) {
				t.Errorf("%v became %v, %v", classes, again, err)
			}
		}
	})
}
