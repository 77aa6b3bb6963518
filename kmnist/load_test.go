package kmnist

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glyph/internal/needs"
)

func TestLoadKMNIST(t *testing.T) {
	d, err := Load(needs.KMNIST(t))
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
	// Over all 60,000 training images they are 0.1904 and 0.3475.
	mean, scale := Normalise(d.Train, false)
	if m, s := mean[0]/255, 1/scale[0]/255; math.Abs(float64(m)-0.1904) > 0.002 || math.Abs(float64(s)-0.3475) > 0.002 {
		t.Errorf("mean %v, deviation %v", m, s)
	}
}

func TestVerifyKMNIST(t *testing.T) {
	dir := needs.KMNIST(t)
	reports, err := Verify(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range reports {
		if r.Err != nil || r.Missing || r.Official != (i >= 2) { // the training files are a part of the published ones
			t.Errorf("%+v", r)
		}
		if i >= 2 && (r.MD5 != official[i].md5 || r.SHA256 != official[i].sha256) {
			t.Errorf("sums of %+v", r)
		}
	}
	if reports[0].About != "7,011 images" || reports[3].About != "10,000 labels" {
		t.Errorf("%+v", reports)
	}
	if Cached(dir) {
		t.Error("a part of KMNIST passes for all of it")
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
			[]string{testImages, "1 image,", "2 labels"}},
		{"one class", func(f map[string][]byte) {
			f[testLabels], f[trainLabels+".gz"] = idx(magicLabels, []uint32{1}, []byte{0}), idx(magicLabels, []uint32{3}, []byte{0, 0, 0})
		}, []string{"all labels are 0"}},
		{"no images", func(f map[string][]byte) { f[trainImages] = idx(magicImages, []uint32{0, 2, 2}, nil) }, []string{trainImages, "nothing in it"}},
		{"other size", func(f map[string][]byte) {
			delete(f, testImages+".gz")
			f[testImages] = idx(magicImages, []uint32{1, 3, 2}, make([]byte, 6))
		}, []string{"2×2", "3×2"}},
		{"swapped", func(f map[string][]byte) { f[trainImages] = f[testLabels] }, []string{trainImages, "it has labels"}},
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
	for _, dir := range []string{filepath.Join(t.TempDir(), "nowhere"), "load_test.go"} {
		if _, err := Load(dir); err == nil || !strings.HasPrefix(err.Error(), dir+": ") || !strings.Contains(err.Error(), trainImages) {
			t.Errorf("error %v for %s", err, dir)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Open(ctx, directory(t, nil), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v after cancelling", err)
	}
}

func TestVerifyTellsWhatIsWrong(t *testing.T) {
	reports, err := Verify(directory(t, func(f map[string][]byte) {
		delete(f, testLabels)
		f[testImages+".gz"] = f[testImages+".gz"][:20]
	}))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []Report{
		{File: trainImages, About: "3 images"},
		{File: trainLabels + ".gz", About: "3 labels"},
		{File: testImages + ".gz"},
		{File: testLabels + ".gz", Missing: true},
	} {
		got := reports[i]
		if got.File != want.File || got.About != want.About || got.Missing != want.Missing || got.Official ||
			(got.Err == nil) != (i < 2) || (got.MD5 == "") != (i == 3) {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	if err := reports[2].Err.Error(); !strings.Contains(err, "within its header") || !strings.Contains(err, official[2].sha256) || !strings.Contains(err, reports[2].SHA256) {
		t.Errorf("a damaged file: %v", err)
	}
	if err := reports[3].Err.Error(); !strings.Contains(err, "there is no "+testLabels) {
		t.Errorf("a missing file: %v", err)
	}
}
