package terminal

import (
	"fmt"
	"io"
	"math"
	"strings"

	"glyph/kmnist"
	"glyph/train"
)

// Classes prints a line for each class: how many images it has, and the precision, recall
// and F1 in %, with their intervals where the terminal has the room.
func Classes(out io.Writer, scores []train.ClassScore, classes []kmnist.Class) {
	fmt.Fprint(out, classTable(scores, classes, Width(out)))
}

// classTable is the table for a terminal of so many columns, 0 being any number.
func classTable(scores []train.ClassScore, classes []kmnist.Class, width int) string {
	const roomy = 80
	cell, note := share, "in %; in parentheses, 95 % Wilson intervals\n"
	if width > 0 && width < roomy {
		cell, note = func(s train.Share) string { return percent(s.Value) }, "in %\n"
	}
	count := func(n int) string { return fmt.Sprintf("%6d", n) }
	rows := [][]string{{"class", "images", "precision", "recall", "F1"}}
	images := 0
	for c, s := range scores {
		rows = append(rows, []string{classes[c].String(), count(s.Images), cell(s.Precision), cell(s.Recall), cell(s.F1)})
		images += s.Images
	}
	for i, name := range []string{"mean", "weighted mean"} {
		p, r, f := train.MeanScore(scores, i == 1)
		rows = append(rows, []string{name, count(images), percent(p), percent(r), percent(f)})
	}
	return Table(rows, width, false) + note
}

// share is a share in % with its interval, or a dash where there is none.
func share(s train.Share) string {
	if math.IsNaN(s.Value) {
		return "    -"
	}
	return fmt.Sprintf("%s (%s-%s)", percent(s.Value), bound(s.Low), bound(s.High))
}

func percent(v float64) string {
	if math.IsNaN(v) {
		return "    -"
	}
	return fmt.Sprintf("%5.1f", 100*v)
}

// bound is an end of an interval.
func bound(v float64) string {
	return strings.Replace(fmt.Sprintf("%.1f", 100*v), "100.0", "100", 1)
}
