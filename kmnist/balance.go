package kmnist

import "math"

// Imbalance is how the classes of training images differ from those of the test
// set, by label.
type Imbalance struct {
	Missing []int // classes of the test set without a training image
	Off     []int // classes whose share of the training images is far from theirs of the test set
}

// IsZero tells that no class is missing or off.
func (i Imbalance) IsZero() bool { return len(i.Missing)+len(i.Off) == 0 }

// Compare holds the classes of training images against those of a test set. A
// class of n training images is off where n differs from its share N·q of the N
// training images by more than half of that share and, so that chance is not
// taken for a difference, by more than five standard deviations √(N·q·(1-q)).
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
