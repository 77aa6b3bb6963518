package kmnist

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// dataDir is the directory with real KMNIST files for tests, or the end of the
// test: in CI they have to be there.
func dataDir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("GLYPH_DATA")
	if dir == "" {
		dir = "../../shared/kmnist-7k"
	}
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("no data in CI: %v", err)
		}
		t.Skipf("no KMNIST files; GLYPH_DATA names a directory with them: %v", err)
	}
	return dir
}

func TestLoadKMNIST(t *testing.T) {
	d, err := Load(dataDir(t))
	if err != nil {
		t.Fatal(err)
	}
	if d.Train.Len() != 7011 || d.Test.Len() != 10000 || d.Train.H != 28 || d.Train.W != 28 {
		t.Fatalf("%d training and %d test images of %d×%d", d.Train.Len(), d.Test.Len(), d.Train.H, d.Train.W)
	}
	var counts [10]int
	for _, c := range d.Test.Labels {
		counts[c]++
	}
	for c, n := range counts {
		if n != 1000 {
			t.Errorf("%d test images of class %d, want 1000", n, c)
		}
	}
	// The authors give 0.1918 and 0.3483 for all 60,000.
	mean, scale := Standardise(d.Train, false)
	if m, s := mean[0]/255, 1/scale[0]/255; math.Abs(float64(m)-0.19) > 0.01 || math.Abs(float64(s)-0.348) > 0.01 {
		t.Errorf("mean %v, deviation %v", m, s)
	}
}

func TestVerifyKMNIST(t *testing.T) {
	reports := Verify(dataDir(t))
	for i, r := range reports {
		if r.Err != nil || r.Official != (i >= 2) { // the training files are a part of the published ones
			t.Errorf("%+v", r)
		}
	}
	if reports[0].About != "7011 images" || reports[3].About != "10000 labels" {
		t.Errorf("%+v", reports)
	}
}

// directory writes four small files, after changing them.
func directory(t *testing.T, change func(files map[string][]byte)) string {
	t.Helper()
	files := map[string][]byte{
		trainImages:         idx(magicImages, []uint32{3, 2, 2}, make([]byte, 12)),
		trainLabels + ".gz": zip(idx(magicLabels, []uint32{3}, []byte{0, 9, 5})),
		testImages + ".gz":  zip(idx(magicImages, []uint32{1, 2, 2}, make([]byte, 4))),
		testLabels:          idx(magicLabels, []uint32{1}, []byte{7}),
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

func TestLoad(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(map[string][]byte)
		want   []string
	}{
		{"good", nil, nil},
		{"empty", func(f map[string][]byte) { clear(f) }, []string{"there is no " + trainImages, testLabels}},
		{"one missing", func(f map[string][]byte) { delete(f, testLabels) }, []string{"there is no " + testLabels}},
		{"counts differ", func(f map[string][]byte) { f[testLabels] = idx(magicLabels, []uint32{2}, []byte{7, 7}) },
			[]string{"1 images", "2 labels"}},
		{"label of 10", func(f map[string][]byte) { f[testLabels] = idx(magicLabels, []uint32{1}, []byte{10}) },
			[]string{testLabels, "label 0 is 10", "0 to 9"}},
		{"other size", func(f map[string][]byte) {
			delete(f, testImages+".gz")
			f[testImages] = idx(magicImages, []uint32{1, 3, 2}, make([]byte, 6))
		}, []string{"2×2", "3×2"}},
		{"swapped", func(f map[string][]byte) { f[trainImages] = f[testLabels] }, []string{trainImages, "magic number"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Load(directory(t, c.change))
			if c.want == nil {
				if err != nil || d.Train.Len() != 3 || d.Test.Labels[0] != 7 {
					t.Errorf("%+v, %v", d, err)
				}
				return
			}
			for _, part := range c.want {
				if err == nil || !strings.Contains(err.Error(), part) {
					t.Errorf("error %v, want one with %q", err, part)
				}
			}
		})
	}
	if _, err := Load(filepath.Join(t.TempDir(), "nowhere")); err == nil {
		t.Error("a directory that is not there is no error")
	}
}

func numbered(labels ...uint8) Set {
	s := Set{H: 1, W: 1, Labels: labels}
	for i := range labels {
		s.Images = append(s.Images, uint8(i))
	}
	return s
}

func TestLimit(t *testing.T) {
	s := numbered(1, 2, 3, 4)
	got, err := s.Limit(3)
	if err != nil || got.Len() != 3 || !slices.Equal(got.Images, []uint8{0, 1, 2}) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, n := range []int{0, -1, 5} {
		if _, err := s.Limit(n); err == nil {
			t.Errorf("Limit(%d) is no error", n)
		}
	}
}

func TestHoldoutIsStratified(t *testing.T) {
	var labels []uint8
	for i := range 200 {
		labels = append(labels, uint8(min(i%20, 9))) // 110 of class 9, 10 of each other
	}
	s := numbered(labels...)
	train, held, err := s.Holdout(0.1, 1)
	if err != nil {
		t.Fatal(err)
	}
	var counts [10]int
	seen := map[uint8]bool{}
	for i, c := range held.Labels {
		counts[c]++
		seen[held.Images[i]] = true
		if labels[held.Images[i]] != c {
			t.Errorf("image %d has the label %d", held.Images[i], c)
		}
	}
	if want := [10]int{1, 1, 1, 1, 1, 1, 1, 1, 1, 11}; counts != want {
		t.Errorf("held out %v, want %v", counts, want)
	}
	for _, image := range train.Images {
		if seen[image] {
			t.Errorf("image %d is in both parts", image)
		}
	}
	if train.Len()+held.Len() != 200 || !slices.IsSorted(held.Images) || !slices.IsSorted(train.Images) {
		t.Errorf("%d and %d images", train.Len(), held.Len())
	}

	if _, again, _ := s.Holdout(20, 1); !bytes.Equal(again.Images, held.Images) {
		t.Error("20 images and a tenth are not the same split")
	}
	if _, other, _ := s.Holdout(0.1, 2); bytes.Equal(other.Images, held.Images) {
		t.Error("another seed gives the same split")
	}
	if _, most, err := s.Holdout(190, 1); err != nil || most.Len() != 190 {
		t.Errorf("holding out all but one of each class: %v", err)
	}
	for _, part := range []float64{0.001, 191, 1e9} {
		if _, _, err := s.Holdout(part, 1); err == nil {
			t.Errorf("Holdout(%v) is no error", part)
		}
	}
}

func TestStandardise(t *testing.T) {
	s := Set{H: 1, W: 2, Labels: []uint8{0, 0}, Images: []uint8{0, 7, 200, 7}}
	mean, scale := Standardise(s, true)
	if mean[0] != 100 || scale[0] != 0.01 || mean[1] != 7 || scale[1] != 1 {
		t.Errorf("per pixel: mean %v, scale %v", mean, scale)
	}
	mean, scale = Standardise(s, false)
	if want := float32(53.5); mean[0] != want || math.Abs(1/float64(scale[0])-84.6) > 0.1 {
		t.Errorf("whole set: mean %v, scale %v", mean, scale)
	}
}
