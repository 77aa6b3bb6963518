package terminal

import (
	"strings"

	"github.com/guptarohit/asciigraph"
	"github.com/rivo/uniseg"
)

// curves are what a chart shows: a value of each round, and of the validation set
// where every round has one.
type curves struct{ training, validation []float64 }

func losses(points []Point) (c curves) {
	for _, p := range points {
		c.add(p.Loss, p.ValidationLoss, 1)
	}
	return c
}

func percentages(points []Point) (c curves) {
	for _, p := range points {
		c.add(p.Accuracy, p.ValidationAccuracy, 100)
	}
	return c
}

func (c *curves) add(training float64, validation *float64, scale float64) {
	c.training = append(c.training, scale*training)
	if validation != nil {
		c.validation = append(c.validation, scale**validation)
	}
}

// chart plots curves under a heading. Without colours the curve of the
// validation set is one of dots.
func (s *Screen) chart(what string, c curves, width, height int, precision uint) []string {
	series, heading := [][]float64{c.training}, what+": training"
	colours, chars := []asciigraph.AnsiColor{asciigraph.Blue}, []asciigraph.CharSet{asciigraph.DefaultCharSet}
	if len(c.validation) == len(c.training) {
		series = append(series, c.validation)
		colours, chars = append(colours, asciigraph.Orange), append(chars, asciigraph.CreateCharSet("·"))
		if s.colour {
			heading += " (blue), validation set (orange)"
		} else {
			heading += " (line), validation set (dots)"
		}
	}
	options := []asciigraph.Option{asciigraph.Width(max(width-9, 10)), asciigraph.Height(height - 2), asciigraph.Precision(precision)}
	if s.colour {
		options = append(options, asciigraph.SeriesColors(colours...))
	} else {
		options = append(options, asciigraph.SeriesChars(chars...))
	}
	return append([]string{heading}, strings.Split(asciigraph.PlotMany(series, options...), "\n")...)
}

// sideBySide puts two blocks beside each other, the second from column at on.
func sideBySide(a, b []string, at int) (list []string) {
	for i := range max(len(a), len(b)) {
		line := ""
		if i < len(a) {
			line = a[i]
		}
		if i < len(b) {
			line = crop(line, at-1)
			line += strings.Repeat(" ", at-Columns(line)) + b[i]
		}
		list = append(list, line)
	}
	return list
}

// Columns is how many columns a line takes, without its colours.
func Columns(line string) (n int) {
	eachCharacter(line, func(_ string, width int) bool {
		n += width
		return true
	})
	return n
}

// crop cuts a line to the given number of columns and ends its colours.
func crop(line string, width int) string {
	if Columns(line) <= width {
		return line
	}
	var b strings.Builder
	n := 0
	eachCharacter(line, func(text string, wide int) bool {
		if n += wide; n > width {
			return false
		}
		b.WriteString(text)
		return true
	})
	if strings.Contains(b.String(), "\x1b[") {
		b.WriteString("\x1b[0m")
	}
	return b.String()
}

// eachCharacter hands the characters of a line to f, with the columns that each
// takes, and the colour sequences between them, which take none, until f returns
// false.
func eachCharacter(line string, f func(text string, width int) bool) {
	for line != "" {
		if strings.HasPrefix(line, "\x1b[") {
			end := strings.IndexByte(line, 'm') + 1
			if end == 0 || !f(line[:end], 0) {
				return
			}
			line = line[end:]
			continue
		}
		cluster, rest, width, _ := uniseg.FirstGraphemeClusterInString(line, -1)
		if !f(cluster, width) {
			return
		}
		line = rest
	}
}
