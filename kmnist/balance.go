package kmnist

import (
	"fmt"
	"math"

	"glyph/internal/message"
)

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

// Sentence says what is wrong with the given number of training images, and names classes.
func (i Imbalance) Sentence(images int, classes []Class) string {
	count := message.Count(images, "training image")
	if n := len(i.Missing); n > 0 {
		return fmt.Sprintf("the %s include none of %s of the test set (%s)", count, message.Count(n, "class"), someNames(classes, i.Missing))
	}
	have := message.Count(len(i.Off), "class") + " have"
	if len(i.Off) == 1 {
		have = "1 class has"
	}
	return fmt.Sprintf("%s a very different share of the %s than of the test set (%s)", have, count, someNames(classes, i.Off))
}

// someNames is the names of the classes with these labels, of the first few at
// least.
func someNames(classes []Class, labels []int) string {
	var names []string
	for _, c := range labels {
		names = append(names, classes[c].String())
	}
	return message.First(names, 6)
}
