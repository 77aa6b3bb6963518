package kmnist

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"
)

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
	got.Images = append(got.Images, 99)
	if s.Images[3] != 3 {
		t.Error("adding to the part overwrites the whole")
	}
	for _, n := range []int{0, -1, 5} {
		if _, err := s.Limit(n); err == nil || !strings.Contains(err.Error(), "of 4; want 1 to 4") {
			t.Errorf("Limit(%d): %v", n, err)
		}
	}
}

func TestValidationIsStratified(t *testing.T) {
	var labels []uint8
	for i := range 200 {
		labels = append(labels, uint8(min(i%20, 9))) // 110 of class 9, 10 of each other
	}
	s := numbered(labels...)
	train, held, err := s.Validation(0.1, 1)
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

	if _, again, _ := s.Validation(20, 1); !bytes.Equal(again.Images, held.Images) {
		t.Error("20 images and a tenth are not the same split")
	}
	if _, other, _ := s.Validation(0.1, 2); bytes.Equal(other.Images, held.Images) {
		t.Error("another seed gives the same split")
	}
	if _, most, err := s.Validation(190, 1); err != nil || most.Len() != 190 {
		t.Errorf("holding out all but one of each class: %v", err)
	}
	for _, part := range []float64{0, -1, 0.001, 1.5, 0.96, 191, 1e9, 1e300, math.Inf(1), math.Inf(-1), math.NaN()} {
		if _, _, err := s.Validation(part, 1); err == nil {
			t.Errorf("Validation(%v) is no error", part)
		}
	}
}

func TestValidationLeavesEachClassOne(t *testing.T) {
	s := numbered(0, 1, 1, 2, 2, 2) // two classes with images to spare
	for n, want := range map[float64][3]int{1: {0, 0, 1}, 2: {0, 1, 1}, 3: {0, 1, 2}} {
		train, held, err := s.Validation(n, 7)
		if err != nil {
			t.Fatal(err)
		}
		var kept, given [3]int
		for _, c := range train.Labels {
			kept[c]++
		}
		for _, c := range held.Labels {
			given[c]++
		}
		if given != want || kept[0] < 1 || kept[1] < 1 || kept[2] < 1 {
			t.Errorf("Validation(%v) takes %v and leaves %v, want to take %v", n, given, kept, want)
		}
	}
	if _, _, err := numbered(0, 1, 2).Validation(1, 1); err == nil || !strings.Contains(err.Error(), "no validation set can be held out of 3 images") {
		t.Errorf("the last image of a class is held out, or %v", err)
	}
	if _, _, err := (Set{}).Validation(0.5, 1); err == nil {
		t.Error("nothing can be split")
	}
	if _, held, err := numbered(1, 200, 200, 255, 255).Validation(2, 1); err != nil || !slices.Equal(held.Labels, []uint8{200, 255}) {
		t.Errorf("labels up to 255: %v, %v", held.Labels, err)
	}
}

// Shares by largest remainder, worked by hand: 7 of 10·(5, 3, 2) are 3.5, 2.1
// and 1.4, so 4, 2 and 1.
func TestQuotas(t *testing.T) {
	if got := quotas([][]int{make([]int, 5), make([]int, 3), make([]int, 2)}, 7, 10); !slices.Equal(got, []int{4, 2, 1}) {
		t.Errorf("%v", got)
	}
}
