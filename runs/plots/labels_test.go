package plots_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"glyph/runs/plots"
)

// drawnTexts is what a figure says, as an SVG.
func drawnTexts(t *testing.T, f *plots.Figure) []string {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, "svg"); err != nil {
		t.Fatal(err)
	}
	return texts(t, b.String())
}

// Names that the font lacks are numbers, and long ones are drawn smaller or cut
// before they run into each other.
func TestLabelsFit(t *testing.T) {
	long := strings.Repeat("longest ", 20)
	labels := []string{"お", "Ankle boot", long}
	counts := [][]int{{3, 1, 0}, {0, 4, 0}, {1, 0, 2}}
	confusion := drawnTexts(t, plots.Confusion(counts, labels))
	for _, want := range []string{"0", "Ankle boot"} {
		if n := len(slices.DeleteFunc(slices.Clone(confusion), func(s string) bool { return s != want })); n != 2 {
			t.Errorf("%q is there %d times, want it beside a row and above a column: %q", want, n, confusion)
		}
	}
	mistakes := drawnTexts(t, plots.Mistakes([]plots.Mistake{
		{Image: dot(1), Label: 0, Predicted: 1}, {Image: dot(1), Label: 2, Predicted: 0}, {Image: dot(1), Label: 2, Predicted: 2},
	}, labels, ""))
	if !slices.Contains(mistakes, "0 → Ankle boot") {
		t.Errorf("%q", mistakes)
	}
	classes := drawnTexts(t, plots.Classes([][]plots.Image{{dot(1)}, {dot(2)}, {dot(3)}}, labels, ""))
	if !slices.Contains(classes, "0") || !slices.Contains(classes, "Ankle boot") {
		t.Errorf("%q", classes)
	}
	for name, have := range map[string][]string{"confusion": confusion, "mistakes": mistakes, "classes": classes} {
		cut := 0
		for _, s := range have {
			if len([]rune(s)) > 60 && strings.Contains(s, "longest") {
				t.Errorf("%s: %q is not cut", name, s)
			}
			if strings.HasPrefix(s, "longest") && strings.Contains(s, "…") {
				cut++
			}
		}
		if cut == 0 {
			t.Errorf("%s: no name ends in …: %q", name, have)
		}
	}
}

// The figures of as many classes as there can be stay pictures that can be looked
// at.
func TestManyClasses(t *testing.T) {
	const n = 256
	labels, counts, examples := make([]string, n), make([][]int, n), make([][]plots.Image, n)
	for i := range n {
		labels[i], counts[i], examples[i] = fmt.Sprint("class ", i), make([]int, n), []plots.Image{dot(9)}
		counts[i][i] = 5
	}
	for name, f := range map[string]*plots.Figure{"confusion": plots.Confusion(counts, labels), "classes": plots.Classes(examples, labels, "")} {
		if f.Width*f.Height > 3000*3000 {
			t.Errorf("%s is %v×%v points", name, f.Width, f.Height)
		}
		if have := drawnTexts(t, f); !slices.Contains(have, "class 255") {
			t.Errorf("%s lacks the last class", name)
		}
	}
	few := plots.Confusion(counts[:10], slices.Repeat([]string{"rather a long name"}, 10))
	if small := plots.Confusion(counts[:10], []string{"o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"}); small.Width != 64+440+70 || small.Height != 84+440+40 || few.Height <= small.Height {
		t.Errorf("%v×%v points, and %v high with long names", small.Width, small.Height, few.Height)
	}
}
