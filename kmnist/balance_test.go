package kmnist

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// labelled is a set of so many images of each class, in order.
func labelled(counts ...int) Set {
	s := Set{H: 1, W: 1}
	for c, n := range counts {
		s.Labels = append(s.Labels, slices.Repeat([]uint8{uint8(c)}, n)...)
	}
	s.Images = make([]uint8, len(s.Labels))
	return s
}

func TestCompare(t *testing.T) {
	test := labelled(100, 100, 100, 100)
	for name, c := range map[string]struct {
		train, test  Set
		missing, off []int
	}{
		"even":                      {labelled(500, 500, 500, 500), test, nil, nil},
		"sorted, and the head":      {labelled(500, 300, 0, 0), test, []int{2, 3}, []int{0}},
		"one class of few":          {labelled(500, 500, 500, 20), test, nil, []int{3}},
		"a class of many":           {labelled(500, 500, 500, 2000), test, nil, []int{3}},
		"a little off":              {labelled(500, 500, 500, 300), test, nil, nil},
		"few images, by chance":     {labelled(7, 3, 4, 2), test, nil, nil},
		"few images, one missing":   {labelled(7, 3, 4, 0), test, []int{3}, nil},
		"uneven like the test set":  {labelled(1000, 100, 10), labelled(100, 10, 1), nil, nil},
		"a class that is not there": {labelled(0, 500, 500), labelled(0, 10, 10), nil, nil},
		"not in the test set":       {labelled(500, 500, 500), labelled(100, 100), nil, []int{2}},
		"nothing to train on":       {Set{}, test, nil, nil},
		"no test set":               {labelled(5), Set{}, nil, nil},
	} {
		got := Compare(c.train, c.test)
		if !slices.Equal(got.Missing, c.missing) || !slices.Equal(got.Off, c.off) || got.IsZero() != (c.missing == nil && c.off == nil) {
			t.Errorf("%s: %+v, want %v missing and %v off", name, got, c.missing, c.off)
		}
	}
}

// Shuffled data is not called uneven by chance, however few images are taken.
func TestCompareShuffled(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	all := labelled(slices.Repeat([]int{600}, 10)...)
	for range 300 {
		r.Shuffle(len(all.Labels), func(i, j int) { all.Labels[i], all.Labels[j] = all.Labels[j], all.Labels[i] })
		for _, n := range []int{50, 100, 300, 1000} {
			head, err := all.Limit(n)
			if err != nil {
				t.Fatal(err)
			}
			if got := Compare(head, all); len(got.Off) > 0 {
				t.Fatalf("the first %d of shuffled images: %+v", n, got)
			}
		}
	}
}

// An imbalance is a sentence with the names of its classes.
func TestImbalanceSentence(t *testing.T) {
	classes := Numbered(10)
	for want, i := range map[string]Imbalance{
		"the 1,000 training images include none of 1 class of the test set (3)":                              {Missing: []int{3}, Off: []int{4}},
		"the 1,000 training images include none of 8 classes of the test set (0, 1, 2, 3, 4, 5, and 2 more)": {Missing: []int{0, 1, 2, 3, 4, 5, 6, 7}},
		"1 class has a very different share of the 1,000 training images than of the test set (9)":           {Off: []int{9}},
		"2 classes have a very different share of the 1,000 training images than of the test set (1, 2)":     {Off: []int{1, 2}},
	} {
		if got := i.Sentence(1000, classes); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// The images of each class are counted, and the first of each found.
func TestCount(t *testing.T) {
	counts, first := Set{Labels: []uint8{2, 0, 2, 2}}.Count(4)
	if !slices.Equal(counts, []int{1, 0, 3, 0}) || !slices.Equal(first, []int{1, -1, 0, -1}) {
		t.Errorf("%v images, first %v", counts, first)
	}
}
