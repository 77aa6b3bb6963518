package kmnist

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// spelled is four small files under these names: training images, training
// labels, test images, test labels.
func spelled(names ...string) map[string][]byte {
	contents := [][]byte{
		idx(magicImages, []uint32{3, 2, 2}, []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}), idx(magicLabels, []uint32{3}, []byte{0, 1, 2}),
		idx(magicImages, []uint32{1, 2, 2}, []byte{9, 8, 7, 6}), idx(magicLabels, []uint32{1}, []byte{2}),
	}
	files := map[string][]byte{}
	for i, name := range names {
		files[name] = contents[i]
		if strings.HasSuffix(name, ".gz") {
			files[name] = zip(contents[i])
		}
	}
	return files
}

// tree writes files below a new directory.
func tree(t *testing.T, sets ...map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for _, files := range sets {
		for name, data := range files {
			path := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

// under is files moved into a folder.
func under(folder string, files map[string][]byte) map[string][]byte {
	moved := map[string][]byte{}
	for name, data := range files {
		moved[folder+"/"+name] = data
	}
	return moved
}

func prefixed(prefix string) map[string][]byte {
	return spelled(prefix+"train-images-idx3-ubyte.gz", prefix+"train-labels-idx1-ubyte.gz", prefix+"test-images-idx3-ubyte.gz", prefix+"test-labels-idx1-ubyte.gz")
}

// Directories as people have them.
func TestLoadFindsTheFiles(t *testing.T) {
	published := spelled(trainImages, trainLabels, testImages, testLabels)
	compressed := spelled(trainImages+".gz", trainLabels+".gz", testImages+".gz", testLabels+".gz")
	nested := map[string][]byte{}
	for name, data := range published {
		nested[name+"/"+name] = data
	}
	unpacked := map[string][]byte{} // by 7-Zip, with the dot of the name inside
	for name, data := range published {
		unpacked[name+"/"+strings.Replace(name, "-idx", ".idx", 1)] = data
	}
	dotted := spelled("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte")
	for _, c := range []struct {
		name  string
		sets  []map[string][]byte
		below string // of the directory, what is given
		first string // the file of training images that is read
	}{
		{"published", []map[string][]byte{compressed}, "", trainImages + ".gz"},
		{"unpacked", []map[string][]byte{published}, "", trainImages},
		{"both", []map[string][]byte{published, compressed}, "", trainImages},
		{"with dots", []map[string][]byte{dotted}, "", "train-images.idx3-ubyte"},
		{"with dots, compressed", []map[string][]byte{spelled("train-images.idx3-ubyte.gz", "train-labels.idx1-ubyte.gz", "t10k-images.idx3-ubyte.gz", "t10k-labels.idx1-ubyte.gz")}, "", "train-images.idx3-ubyte.gz"},
		{"capitals", []map[string][]byte{spelled("Train-Images-idx3-ubyte", "Train-Labels-idx1-ubyte", "Test-Images-idx3-ubyte", "Test-Labels-idx1-ubyte")}, "", "Train-Images-idx3-ubyte"},
		{"EMNIST", []map[string][]byte{prefixed("emnist-balanced-")}, "", "emnist-balanced-train-images-idx3-ubyte.gz"},
		{"one of EMNIST's", []map[string][]byte{under("gzip", prefixed("emnist-balanced-")), under("gzip", prefixed("emnist-letters-"))}, "gzip/emnist-letters", "gzip/emnist-letters-train-images-idx3-ubyte.gz"},
		{"torchvision", []map[string][]byte{under("KMNIST/raw", published), under("KMNIST/raw", compressed)}, "", "KMNIST/raw/" + trainImages},
		{"torchvision, the set", []map[string][]byte{under("raw", published)}, "", "raw/" + trainImages},
		{"torchvision, all of EMNIST", []map[string][]byte{under("EMNIST/raw", prefixed("emnist-mnist-")), under("EMNIST/raw", prefixed("emnist-digits-"))}, "EMNIST/raw/emnist-digits", "EMNIST/raw/emnist-digits-train-images-idx3-ubyte.gz"},
		{"a folder", []map[string][]byte{under("archive", compressed)}, "", "archive/" + trainImages + ".gz"},
		{"folders of the files' names", []map[string][]byte{nested}, "", trainImages + "/" + trainImages},
		{"folders, and dots inside", []map[string][]byte{unpacked}, "", trainImages + "/train-images.idx3-ubyte"},
		{"Kaggle, both", []map[string][]byte{nested, dotted}, "", trainImages + "/" + trainImages},
		{"beside part of another set", []map[string][]byte{compressed, {"old-train-images-idx3-ubyte": []byte("not read")}}, "", trainImages + ".gz"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := tree(t, c.sets...)
			given := filepath.Join(dir, filepath.FromSlash(c.below))
			d, err := Load(given)
			if err != nil {
				t.Fatal(err)
			}
			testImage := []byte{9, 8, 7, 6}
			if strings.Contains(c.first, "emnist") { // stored transposed
				testImage = []byte{9, 7, 8, 6}
			}
			if d.Train.Len() != 3 || d.Train.Image(2)[3] != 12 || !slices.Equal(d.Test.Images, testImage) || d.Name != given || d.Source != given {
				t.Errorf("%+v", d)
			}
			if len(d.Files) != 4 || d.Files[0] != filepath.Join(dir, filepath.FromSlash(c.first)) {
				t.Errorf("read %v, want %s first", d.Files, c.first)
			}
			reports, err := Verify(given)
			if err != nil || reports[0].File != filepath.Base(c.first) || reports[0].Err != nil {
				t.Errorf("Verify: %+v, %v", reports, err)
			}
		})
	}
}

// What can't be told apart is refused, with the choices.
func TestLoadRefusesToGuess(t *testing.T) {
	published := spelled(trainImages, trainLabels, testImages, testLabels)
	changed := maps.Clone(published)
	changed[testImages+".gz"] = zip(idx(magicImages, []uint32{1, 2, 2}, []byte{9, 8, 7, 5}))
	resized := maps.Clone(published)
	resized[testImages+".gz"] = zip(idx(magicImages, []uint32{1, 4, 1}, []byte{9, 8, 7, 6}))
	cut := maps.Clone(published)
	cut[trainImages+".gz"] = zip(published[trainImages])[:30]
	renamed := maps.Clone(published)
	renamed["test-labels-idx1-ubyte"] = idx(magicLabels, []uint32{1}, []byte{1})
	for _, c := range []struct {
		name string
		sets []map[string][]byte
		want []string
	}{
		{"EMNIST's archive", []map[string][]byte{prefixed("emnist-balanced-"), prefixed("emnist-letters-")}, []string{"several data sets", "/emnist-balanced", "/emnist-letters"}},
		{"two folders", []map[string][]byte{under("MNIST/raw", published), under("KMNIST/raw", published)}, []string{"several data sets", "KMNIST/raw", "MNIST/raw"}},
		{"parts of two", []map[string][]byte{{"a-train-images-idx3-ubyte": nil, "b-train-images-idx3-ubyte": nil}}, []string{"several data sets", "/a", "/b"}},
		{"many", func() (sets []map[string][]byte) {
			for c := 'a'; c <= 'k'; c++ {
				sets = append(sets, prefixed(string(c)+"-"))
			}
			return sets
		}(), []string{"several data sets", "/a, ", "/h, and 3 more"}},
		{"compressed and plain", []map[string][]byte{changed}, []string{testImages + " differs from", testImages + ".gz", "remove the one that is wrong"}},
		{"of other sizes", []map[string][]byte{resized}, []string{"differs from"}},
		{"a broken download beside it", []map[string][]byte{cut}, []string{trainImages + ".gz is cut short"}},
		{"t10k and test", []map[string][]byte{renamed}, []string{testLabels, "differs from", "test-labels"}},
		{"labels of images", []map[string][]byte{published, {"classes.txt": []byte("a\nb\nc"), "class_names.txt": []byte("a\nb\nc")}}, []string{"classes.txt and ", "class_names.txt both name", "--classes"}},
		{"a file missing", []map[string][]byte{under("raw", spelled(trainImages, trainLabels, testImages))}, []string{"there is no " + testLabels}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := tree(t, c.sets...)
			_, err := Load(dir)
			for _, part := range c.want {
				if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), ": ", " "), part) && !strings.Contains(err.Error(), part) {
					t.Errorf("error %v, want one with %q", err, part)
				}
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("several lines: %q", err)
			}
		})
	}
	if _, err := Verify(tree(t, prefixed("a-"), prefixed("b-"))); err == nil || !strings.Contains(err.Error(), "several data sets") {
		t.Errorf("Verify: %v", err)
	}
	if _, err := Load(filepath.Join(tree(t, prefixed("a-")), "b")); err == nil || !strings.Contains(err.Error(), "no such file or directory; give a directory") {
		t.Errorf("a prefix that is not there: %v", err)
	}
}

func TestParseName(t *testing.T) {
	for name, want := range map[string]struct {
		role   role
		prefix string
		ok     bool
	}{
		"train-labels-idx1-ubyte":                     {trainingLabels, "", true},
		"t10k-images.idx3-ubyte.gz":                   {testingImages, "", true},
		"emnist-byclass-test-labels-idx1-ubyte.gz":    {testingLabels, "emnist-byclass", true},
		"my set train-images-idx3-ubyte":              {trainingImages, "my set", true},
		"train_images":                                {trainingImages, "", true},
		"train-labels-idx3-ubyte":                     {0, "", false},
		"qmnist-train-labels-idx2-int.gz":             {0, "", false},
		"retrain-images-idx3-ubyte":                   {0, "", false},
		"train-images-idx3-ubyte.gz.part":             {0, "", false},
		"train-images.png":                            {0, "", false},
		"train-train-images-idx3-ubyte":               {trainingImages, "train", true},
		"-train-images-idx3-ubyte":                    {0, "", false},
		"train-images-idx3-ubyte.zip":                 {0, "", false},
		"emnist-letters-train-images-idx3-ubyte.json": {0, "", false},
	} {
		r, prefix, ok := parseName(name)
		if ok != want.ok || ok && (r != want.role || prefix != want.prefix) {
			t.Errorf("%q: role %d, prefix %q, %v", name, r, prefix, ok)
		}
	}
}
