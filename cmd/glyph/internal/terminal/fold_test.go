package terminal

import (
	"slices"
	"testing"
)

func TestFolded(t *testing.T) {
	const line = "data     set: 54,000 images, 10 classes"
	for _, c := range []struct {
		line          string
		indent, width int
		want          []string
	}{
		{line, 9, 0, []string{line}},
		{line, 9, 39, []string{line}},
		{line, 9, 38, []string{"data     set: 54,000 images, 10", "         classes"}},
		{line, 9, 20, []string{"data     set: 54,000", "         images, 10", "         classes"}},
		{line, 9, 17, []string{"data     set:", "  54,000 images,", "  10 classes"}},
		{"files    averylongname.gz, b", 9, 20, []string{"files    averylongname.gz,", "         b"}},
		{"        1  a claim of words", 11, 22, []string{"        1  a claim of", "           words"}},
		{"model    す す す", 9, 14, []string{"model    す す", "  す"}},
		{"", 9, 10, []string{""}},
		{"averylongword", 2, 5, []string{"averylongword"}},
		{"two  words ", 2, 5, []string{"two  words "}},
	} {
		if got := folded(c.line, c.indent, c.width); !slices.Equal(got, c.want) {
			t.Errorf("%q in %d columns: %q, want %q", c.line, c.width, got, c.want)
		}
	}
}
