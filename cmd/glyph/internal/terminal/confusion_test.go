package terminal

import (
	"strings"
	"testing"

	"glyph/kmnist"
)

// A confusion matrix on a terminal has the classes' own names, however long and
// however many there are.
func TestConfusion(t *testing.T) {
	fashion := []kmnist.Class{{Name: "T-shirt/top"}, {Name: "Coat"}, {Name: "Bag"}}
	many := make([][]int, 20)
	for i := range many {
		many[i] = make([]int, 20)
		many[i][i] = 3
	}
	many[4][0], many[4][7], many[4][2], many[4][9] = 1, 5, 2, 1
	many[6][6] = 0
	for _, c := range []struct {
		name    string
		counts  [][]int
		classes []kmnist.Class
		want    []string
	}{
		{"characters", [][]int{{3, 1}, {0, 0}}, kmnist.Characters()[:2], []string{
			"label  predicted",
			"          お    き    recall",
			"お o       3     1   75.00 %",
			"き ki      0     0",
		}},
		{"things", [][]int{{8, 0, 2}, {0, 5, 0}, {0, 1, 1}}, fashion, []string{
			"label        predicted",
			"                 0  Coat   Bag    recall",
			"T-shirt/top      8     0     2   80.00 %",
			"Coat             0     5     0  100.00 %",
			"Bag              0     1     1   50.00 %",
		}},
		{"many", many, kmnist.Numbered(20), []string{
			"label  images    recall  most often confused with",
			"0           3  100.00 %",
			"4          12   25.00 %  7 5, 2 2, 0 1",
			"6           0",
		}},
	} {
		var b strings.Builder
		Confusion(&b, c.counts, c.classes)
		lines := strings.Split(b.String(), "\n")
		for _, want := range c.want {
			found := false
			for _, line := range lines {
				found = found || line == want
			}
			if !found {
				t.Errorf("%s: no line %q in\n%s", c.name, want, b.String())
			}
		}
	}
}
