package terminal

import (
	"strings"
	"testing"

	"glyph/kmnist"
	"glyph/train"
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
		width   int
		want    []string
	}{
		{"characters", [][]int{{3, 1}, {0, 0}}, kmnist.Characters()[:2], 28, []string{
			"label  predicted",
			"          お    き    recall",
			"お o       3     1   75.00 %",
			"き ki      0     0",
		}},
		{"things", [][]int{{8, 0, 2}, {0, 5, 0}, {0, 1, 1}}, fashion, 0, []string{
			"label        predicted",
			"                 0  Coat   Bag    recall",
			"T-shirt/top      8     0     2   80.00 %",
			"Coat             0     5     0  100.00 %",
			"Bag              0     1     1   50.00 %",
		}},
		{"narrow", [][]int{{3, 1}, {0, 0}}, kmnist.Characters()[:2], 27, []string{
			"label  images    recall  confused with",
			"お o        4   75.00 %  き ki 1",
		}},
		{"three", [][]int{{4, 3, 1}, {0, 0, 0}, {0, 0, 0}}, kmnist.Characters()[:3], 32, []string{
			"お o        8   50.00 %  き ki 3",
		}},
		{"many", many, kmnist.Numbered(20), 0, []string{
			"label  images    recall  most often confused with",
			"0           3  100.00 %",
			"4          12   25.00 %  7 5, 2 2, 0 1",
			"6           0",
		}},
	} {
		var b strings.Builder
		confusion(&b, c.counts, c.classes, c.width)
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

// The report of the classes is aligned, whatever their names take, and fits 80 columns
// with its intervals and fewer without.
func TestClasses(t *testing.T) {
	scores := train.ClassScores([][]int{{1000, 0, 0}, {1, 9, 0}, {0, 0, 0}})
	classes := []kmnist.Class{kmnist.Characters()[0], {Name: "Ankle boot"}, {Name: "つ", Symbol: ""}}
	for width, want := range map[int]string{80: `class          images  precision         recall             F1
お o             1000   99.9 (99.4-100)  100.0 (99.6-100)   100.0 (99.7-100)
Ankle boot         10  100.0 (70.1-100)   90.0 (59.6-98.2)   94.7 (74.7-99.1)
つ                  0      -                 -                  -
mean             1010  100.0              95.0               97.3
weighted mean    1010   99.9              99.9               99.9
in %; in parentheses, 95 % Wilson intervals
`, 40: `class          images  precision  recall
お o             1000   99.9      100.0
Ankle boot         10  100.0       90.0
つ                  0      -          -
mean             1010  100.0       95.0
weighted mean    1010   99.9       99.9
no room for these columns: F1
in %
`} {
		if got := classTable(scores, classes, width); got != want {
			t.Errorf("%d columns:\n%s", width, got)
		}
	}
}
