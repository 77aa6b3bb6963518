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
// and F1 with their intervals, in %.
func Classes(out io.Writer, scores []train.ClassScore, classes []kmnist.Class) {
	const weighted = "mean, by images"
	width := len(weighted)
	for _, c := range classes {
		width = max(width, Columns(c.String()))
	}
	line := func(name, images string, columns ...string) {
		text := fmt.Sprintf("%s %7s", Padded(name, width), images)
		for _, c := range columns {
			text += "  " + Padded(c, len("100.0 (99.4-100)"))
		}
		fmt.Fprintln(out, strings.TrimRight(text, " "))
	}
	line("class", "images", "precision", "recall", "F1")
	images := 0
	for c, s := range scores {
		line(classes[c].String(), fmt.Sprint(s.Images), share(s.Precision), share(s.Recall), share(s.F1))
		images += s.Images
	}
	for _, m := range []struct {
		name     string
		weighted bool
	}{{"mean", false}, {weighted, true}} {
		p, r, f := train.MeanScore(scores, m.weighted)
		line(m.name, fmt.Sprint(images), percent(p), percent(r), percent(f))
	}
	fmt.Fprintln(out, "in %; in parentheses Wilson's intervals, 95 %")
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
