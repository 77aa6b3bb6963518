package kmnist

import "math"

// Imbalance lists, by label, the classes whose share of the training images does
// not match the test set.
type Imbalance struct {
	Missing []int // classes of the test set that have no training image
	Off     []int // classes whose share of the training images is far from their share of the test set
}

// IsZero reports whether every class is there in about its share.
func (i Imbalance) IsZero() bool { return len(i.Missing)+len(i.Off) == 0 }

// Compare checks the classes of training images against those of a test set. A
// class with n of N training images and the share q of the test set is off if n
// differs from N·q by more than half of N·q and also, so that chance is not taken
// for a difference, by more than five standard deviations √(N·q·(1-q)).
func Compare(train, test Set) (i Imbalance) {
	if train.Len() == 0 || test.Len() == 0 {
		return i
	}
	var have, want [256]int
	for _, c := range train.Labels {
		have[c]++
	}
	for _, c := range test.Labels {
		want[c]++
	}
	for c, n := range want {
		q := float64(n) / float64(test.Len())
		expected := float64(train.Len()) * q
		difference := math.Abs(float64(have[c]) - expected)
		switch {
		case n > 0 && have[c] == 0:
			i.Missing = append(i.Missing, c)
		case difference > expected/2 && difference > 5*math.Sqrt(expected*(1-q)) && n+have[c] > 0:
			i.Off = append(i.Off, c)
		}
	}
	return i
}
