package train

import "testing"

func TestBalancedAccuracy(t *testing.T) {
	for _, c := range []struct {
		counts     [][]int
		want       float64
		unbalanced bool
	}{
		{[][]int{{8, 2}, {0, 10}}, 0.9, false},
		{[][]int{{90, 0}, {10, 0}}, 0.5, true},                   // an accuracy of 0.9 that says nothing
		{[][]int{{3, 1, 0}, {0, 0, 0}, {1, 1, 2}}, 0.625, false}, // a class without images
		{[][]int{{3, 0}, {0, 2}}, 1, false},                      // one and a half times, and not more
		{[][]int{{4, 0}, {0, 2}}, 1, true},
		{[][]int{{0, 0}, {0, 0}}, 0, false},
		{nil, 0, false},
	} {
		if got := BalancedAccuracy(c.counts); got != c.want || Unbalanced(c.counts) != c.unbalanced {
			t.Errorf("%v: %v, %v", c.counts, got, Unbalanced(c.counts))
		}
	}
}
