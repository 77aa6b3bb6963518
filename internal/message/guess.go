package message

import (
	"fmt"
	"strings"
)

// Closest is the word that a mistyped one most likely stands for, or "" if none is
// close.
func Closest(word string, words []string) string {
	best, least := "", 1+max(1, len(word)/3)
	for _, w := range words {
		d := distance(word, w)
		if d < least || d == least && best != "" && alike(word, w) && !alike(word, best) {
			best, least = w, d
		}
	}
	return best
}

// alike reports whether two words begin alike: what is typed wrong is rarely the beginning.
func alike(a, b string) bool { return a != "" && b != "" && a[0] == b[0] }

// distance is how many letters must be inserted, left out, exchanged for others
// or swapped with their neighbours to make one word of another.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}

// Unknown is the error of a name that none of the known ones is: `unknown model "cn";
// did you mean cnn? (known are mlp, cnn)`.
func Unknown(what, name string, known []string) error {
	list := "known are " + strings.Join(known, ", ")
	if near := Closest(name, known); near != "" {
		list = fmt.Sprintf("did you mean %s? (%s)", near, list)
	}
	return fmt.Errorf("unknown %s %q; %s", what, name, list)
}
