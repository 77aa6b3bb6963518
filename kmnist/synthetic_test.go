package kmnist

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

func TestSyntheticDependsOnSeedAndIndexAlone(t *testing.T) {
	d := Synthetic(3, 200, 100)
	if d.Train.Len() != 200 || d.Test.Len() != 100 || len(d.Train.Images) != 200*28*28 || d.Train.Labels[17] != 7 {
		t.Fatalf("%d and %d images", d.Train.Len(), d.Test.Len())
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	if more := Synthetic(3, 300, 100); !bytes.Equal(more.Train.Images[:len(d.Train.Images)], d.Train.Images) || !bytes.Equal(more.Test.Images, d.Test.Images) {
		t.Error("a larger set, drawn on three cores, does not begin with the smaller one")
	}
	if other := Synthetic(4, 200, 100); bytes.Equal(other.Train.Images, d.Train.Images) {
		t.Error("another seed draws the same")
	}
	if bytes.Equal(d.Train.Images[:100*28*28], d.Test.Images) {
		t.Error("the test set is the head of the training set")
	}
	if none := Synthetic(1, -1, 0); none.Train.Len() != 0 || none.Test.Len() != 0 {
		t.Error("a count below 0 draws something")
	}
}

// The images are part of what results mean: whoever changes them changes these.
func TestSyntheticStaysTheSame(t *testing.T) {
	d := Synthetic(DefaultSeed, 100, 100)
	for name, c := range map[string]struct {
		set  Set
		want string
	}{
		"training": {d.Train, "124f1bdb7c5da294b4775b51e9ba5c6e370f2e9ce1de209c41221e4f99a26304"},
		"test":     {d.Test, "3d784307562f03a0ebb0a5504366c4a3512dc0e4ba5c4d20af7d1d5a757290a5"},
	} {
		if got := fmt.Sprintf("%x", sha256.Sum256(c.set.Images)); got != c.want {
			t.Errorf("the first 100 %s images have the sum %s, want %s", name, got, c.want)
		}
	}
}

// A fused multiply-add rounds once where others round twice, and images would
// differ between processors: the compiler must have found none to make.
func TestNothingIsFused(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles for another processor")
	}
	files := []string{"set.go", "class.go", "synthetic.go", "strokes.go", "brush.go", "distort.go", "random.go"}
	compile := exec.Command("go", append([]string{"build", "-gcflags=-S"}, files...)...)
	compile.Env = append(os.Environ(), "GOARCH=arm64", "CGO_ENABLED=0", "GOFLAGS=")
	out, err := compile.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if n := strings.Count(string(out), "FMULD"); n < 50 {
		t.Errorf("only %d multiplications: is this the assembly?", n)
	}
	for _, line := range regexp.MustCompile(`.*\bFN?M(ADD|SUB)[SD]\b.*`).FindAllString(string(out), -1) {
		t.Errorf("fused: %s", strings.TrimSpace(line))
	}
}

// Every image has ink, more than a dot and less than a blot, and the statistics
// are about KMNIST's.
func TestSyntheticIsWriting(t *testing.T) {
	s := Synthetic(1, 2000, 0).Train
	for i, c := range s.Labels {
		ink := 0
		for _, v := range s.Image(i) {
			if v > 128 {
				ink++
			}
		}
		if ink < 30 || ink > 420 {
			t.Errorf("image %d of class %d has %d white pixels", i, c, ink)
		}
	}
	mean, scale := Normalise(s, false)
	if m, d := mean[0]/255, 1/scale[0]/255; m < 0.17 || m > 0.21 || d < 0.33 || d > 0.38 {
		t.Errorf("mean %v, deviation %v; KMNIST has 0.19 and 0.35", m, d)
	}
}

// What a set is for: the nearest mean image tells classes apart better than
// chance, but far from well, and the nearest training image does it much better.
func TestSyntheticIsOfSomeDifficulty(t *testing.T) {
	d := Synthetic(1, 3000, 300)
	means := Set{H: 28, W: 28}
	for c := range 10 {
		var sum [784]int
		for i := c; i < d.Train.Len(); i += 10 {
			for p, v := range d.Train.Image(i) {
				sum[p] += int(v)
			}
		}
		for _, v := range sum {
			means.Images = append(means.Images, uint8(v/300))
		}
		means.Labels = append(means.Labels, uint8(c))
	}
	linear, neighbour := nearest(means, d.Test), nearest(d.Train, d.Test)
	t.Logf("nearest mean %.1f %%, nearest neighbour %.1f %%", linear, neighbour)
	if linear < 25 || linear > 65 || neighbour < linear+10 || neighbour > 92 {
		t.Errorf("nearest mean %.1f %%, nearest neighbour %.1f %%", linear, neighbour)
	}
}

// nearest is the percentage of test images whose nearest one of train, by
// squared distance, has their label.
func nearest(train, test Set) float64 {
	hits := 0
	for i, label := range test.Labels {
		image, best, found := test.Image(i), math.MaxInt, uint8(0)
		for j, c := range train.Labels {
			distance := 0
			other := train.Image(j)
			for p, v := range image {
				d := int(v) - int(other[p])
				if distance += d * d; distance >= best {
					break
				}
			}
			if distance < best {
				best, found = distance, c
			}
		}
		if found == label {
			hits++
		}
	}
	return 100 * float64(hits) / float64(test.Len())
}

func BenchmarkSynthetic(b *testing.B) {
	for b.Loop() {
		Synthetic(1, 1000, 0)
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "images/s")
}
