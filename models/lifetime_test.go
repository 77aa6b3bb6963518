package models

import (
	"slices"
	"testing"

	"glyph"
)

// Tensors that are needed at the same time are apart, places are large enough, and
// there are no more of them than tensors that are needed at one time.
func TestShare(t *testing.T) {
	r := glyph.NewRand(3, glyph.StreamTest, 0)
	for range 200 {
		var lives []lifetime
		for i := range 1 + r.IntN(30) {
			from := i / (1 + r.IntN(3))
			if i > 0 {
				from = max(from, lives[i-1].from)
			}
			lives = append(lives, lifetime{size: 1 + r.IntN(50), from: from, to: from + r.IntN(6)})
		}
		place, size := share(lives)
		most := 0
		for i, a := range lives {
			if size[place[i]] < a.size {
				t.Fatalf("%v: tensor %d does not fit place %d of %v", lives, i, place[i], size)
			}
			together := 0
			for j, b := range lives {
				if b.from <= a.from && a.from <= b.to {
					together++
				}
				if i < j && place[i] == place[j] && a.from <= b.to && b.from <= a.to {
					t.Fatalf("%v: tensors %d and %d are both in place %d", lives, i, j, place[i])
				}
			}
			most = max(most, together)
		}
		if len(size) != most {
			t.Fatalf("%v: %d places, and at most %d tensors at one time", lives, len(size), most)
		}
	}
}

// Of free places the smallest that is large enough is taken, or the largest grows.
func TestShareFits(t *testing.T) {
	lives := []lifetime{{10, 0, 1}, {30, 0, 1}, {20, 0, 1}, {15, 2, 3}, {40, 2, 3}, {5, 4, 5}}
	place, size := share(lives)
	if !slices.Equal(place, []int{0, 1, 2, 2, 1, 0}) || !slices.Equal(size, []int{10, 40, 20}) {
		t.Errorf("places %v of %v", place, size)
	}
}
