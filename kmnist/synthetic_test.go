package kmnist

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image/color"
	"runtime"
	"testing"
)

func TestSyntheticDependsOnSeedAndIndexAlone(t *testing.T) {
	d := Synthetic(3, 200, 100)
	if d.Train.Len() != 200 || d.Test.Len() != 100 || len(d.Train.Images) != 200*28*28 {
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
	if runtime.GOARCH == "amd64" { // other processors may fuse multiply and add
		const want = "c2243d"
		if sum := fmt.Sprintf("%x", sha256.Sum256(d.Train.Images)); sum[:6] != want {
			t.Errorf("the images have the sum %s…, want %s…: they are part of what results mean", sum[:6], want)
		}
	}
}

// Every image has ink, and the classes' mean images differ.
func TestSyntheticIsWriting(t *testing.T) {
	s := Synthetic(1, 2000, 1).Train
	var means [10][28 * 28]float64
	for i, c := range s.Labels {
		ink := 0
		for p, v := range s.Image(i) {
			means[c][p] += float64(v) / 200
			if v > 128 {
				ink++
			}
		}
		if ink < 15 || ink > 500 {
			t.Errorf("image %d of class %d has %d dark pixels", i, c, ink)
		}
	}
	for a := range means {
		for b := range a {
			distance := 0.0
			for p := range means[a] {
				d := means[a][p] - means[b][p]
				distance += d * d
			}
			if distance < 28*28*100 {
				t.Errorf("classes %d and %d have nearly the same mean image", a, b)
			}
		}
	}
}

func TestWritings(t *testing.T) {
	for class, ways := range writings {
		if len(ways) != len(shares[0]) {
			t.Errorf("class %d has %d writings", class, len(ways))
		}
		for _, way := range ways {
			for _, stroke := range way {
				if len(stroke) < 2 || len(stroke) > 16 {
					t.Errorf("class %d has a stroke of %d points", class, len(stroke))
				}
				for _, p := range stroke {
					if !(p.x >= 0 && p.x <= 1 && p.y >= 0 && p.y <= 1) {
						t.Errorf("class %d has the point %v", class, p)
					}
				}
			}
		}
	}
}

func TestContactSheet(t *testing.T) {
	s := Set{H: 1, W: 1, Labels: []uint8{1, 0, 1, 1}, Images: []uint8{10, 20, 30, 40}}
	sheet := ContactSheet(s, 2, 3)
	at := func(column, row int) color.Color { return sheet.At(2+column*5+1, 2+row*5+1) }
	for _, c := range []struct {
		column, row int
		want        uint8
	}{{0, 0, 20}, {1, 0, 96}, {0, 1, 10}, {1, 1, 30}} {
		if got := at(c.column, c.row); got != (color.Gray{Y: c.want}) {
			t.Errorf("column %d, row %d is %v, want %d", c.column, c.row, got, c.want)
		}
	}
	if text := Text(Set{H: 2, W: 3, Images: []uint8{0, 128, 255, 0, 128, 255}, Labels: []uint8{0}}, 0); text != " ▒█\n" {
		t.Errorf("%q", text)
	}
}

func BenchmarkSynthetic(b *testing.B) {
	for b.Loop() {
		Synthetic(1, 1000, 0)
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "images/s")
}
