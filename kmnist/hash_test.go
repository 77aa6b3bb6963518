package kmnist

import (
	"slices"
	"testing"
)

// The hash is of the content alone, and of all of it.
func TestHash(t *testing.T) {
	d := Synthetic(1, 20, 10)
	want := d.Hash()
	if d.Name, d.Source = "elsewhere", "moved"; d.Hash() != want || len(want) != 64 {
		t.Errorf("%s and %s of the same images", d.Hash(), want)
	}
	for name, change := range map[string]func(*Data){
		"pixel":           func(d *Data) { d.Train.Images = flipped(d.Train.Images) },
		"label":           func(d *Data) { d.Test.Labels = flipped(d.Test.Labels) },
		"shape":           func(d *Data) { d.Train.H, d.Train.W = d.Train.H*2, d.Train.W/2 },
		"sets exchanged":  func(d *Data) { d.Train, d.Test = d.Test, d.Train },
		"one image fewer": func(d *Data) { d.Train, _ = d.Train.Limit(19) },
	} {
		other := d
		if change(&other); other.Hash() == want {
			t.Errorf("%s: the hash is the same", name)
		}
	}
}

// flipped is bytes of which one is another.
func flipped(list []uint8) []uint8 {
	list = slices.Clone(list)
	list[len(list)/2] ^= 1
	return list
}
