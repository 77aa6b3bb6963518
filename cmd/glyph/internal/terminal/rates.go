package terminal

import (
	"fmt"
	"math"
	"strings"

	"github.com/guptarohit/asciigraph"
)

// Rates is a chart of losses over learning rates, on a logarithmic x axis labelled with
// the powers of ten. The rates must rise. Losses that exceed the first by more than half
// of the fall are cut off.
func Rates(rates, losses []float64, width, height int) string {
	if len(rates) < 2 {
		return ""
	}
	columns := max(width-12, 20)
	first, last := math.Log10(rates[0]), math.Log10(rates[len(rates)-1])
	low := losses[0]
	for _, v := range losses {
		low = min(low, v)
	}
	most := low + 1.5*(losses[0]-low)
	line, j := make([]float64, columns), 0
	for i := range line {
		x := first + (last-first)*float64(i)/float64(columns-1)
		for j+1 < len(rates) && math.Log10(rates[j+1]) <= x+1e-12 {
			j++
		}
		line[i] = min(losses[j], most)
	}
	chart := asciigraph.Plot(line, asciigraph.Height(height), asciigraph.Precision(2))
	rows := strings.Split(chart, "\n")
	margin := 0 // columns before the curve
	for _, row := range rows {
		if at := strings.IndexAny(row, "┤┼"); at >= 0 {
			margin = max(margin, len([]rune(row[:at]))+1)
		}
	}
	axis := []rune(strings.Repeat(" ", margin+columns+8))
	for e := math.Ceil(first - 1e-9); e <= last+1e-9; e++ {
		label := fmt.Sprintf("%g", math.Pow(10, e))
		at := margin + int(math.Round((e-first)/(last-first)*float64(columns-1)))
		if free := strings.TrimSpace(string(axis[max(0, at-1):min(len(axis), at+len(label)+1)])) == ""; free && at+len(label) <= len(axis) {
			copy(axis[at:], []rune(label))
		}
	}
	return chart + "\n" + strings.TrimRight(string(axis), " ") + "\n"
}
