package terminal

import (
	"math"
	"strconv"
	"strings"
)

// curve is values in a chart, one for each of its xs.
type curve struct {
	name   string
	values []float64
	ink    colour
	gap    int // every gap-th dot is drawn: 1 is a line
}

// chart is curves over a common x axis.
type chart struct {
	heading string
	curves  []curve
	xs      []float64 // rising
	unit    string    // of xs
	low     float64   // of the y axis
	high    float64
	log     bool // the x axis is logarithmic
}

// lines draws the chart in a box of so many characters: a heading with the legend,
// the curves beside the labels of the y axis, and the labels of the x axis.
func (c *chart) lines(width, height int) []string {
	rows := height - 2
	ticks, labels := c.ticks(rows)
	margin := 0
	for _, l := range labels {
		margin = max(margin, len(l))
	}
	columns := width - margin - 2
	area := newCanvas(columns, rows)
	for _, curve := range c.curves {
		c.draw(area, curve)
	}
	list := []string{c.legend(width)}
	for y := range rows {
		label, mark := "", "│"
		for i, v := range ticks {
			if c.y(v, 4*rows)/4 == y {
				label, mark = labels[i], "┤"
			}
		}
		list = append(list, strings.Repeat(" ", margin-len(label))+label+" "+mark+area.row(y))
	}
	return append(list, strings.Repeat(" ", margin+2)+c.axis(columns))
}

// legend is the heading, and the names of the curves if there are several and they fit.
func (c *chart) legend(width int) string {
	line := c.heading
	if len(c.curves) < 2 {
		return line
	}
	for _, curve := range c.curves {
		sample := "━━"
		if curve.gap > 1 {
			sample = "┅┅"
		}
		line += "  " + curve.ink.paint(sample) + " " + curve.name
	}
	return crop(line, width)
}

// draw draws one curve.
func (c *chart) draw(area *canvas, of curve) {
	x0, y0, begun := 0, 0, false
	for i, v := range of.values {
		if math.IsNaN(v) {
			begun = false
			continue
		}
		x, y := c.x(c.xs[i], 2*area.width), c.y(v, 4*area.height)
		if !begun {
			x0, y0, begun = x, y, true
		}
		area.line(x0, y0, x, y, of.ink, of.gap)
		x0, y0 = x, y
	}
}

// x is the column of dots of a value, of n columns.
func (c *chart) x(v float64, n int) int {
	first, last := c.xs[0], c.xs[len(c.xs)-1]
	if c.log {
		first, last, v = math.Log(first), math.Log(last), math.Log(v)
	}
	return scaled(v, first, last, n)
}

// y is the row of dots of a value, of n rows from the top.
func (c *chart) y(v float64, n int) int { return n - 1 - scaled(v, c.low, c.high, n) }

// scaled maps low to 0 and high to n-1, and what lies beyond onto them.
func scaled(v, low, high float64, n int) int {
	if high <= low {
		return 0
	}
	return int(math.Round(max(0, min((v-low)/(high-low), 1)) * float64(n-1)))
}

// span sets the y axis to the range of all values, a little wider where it has none.
func (c *chart) span() {
	c.low, c.high = math.Inf(1), math.Inf(-1)
	for _, curve := range c.curves {
		for _, v := range curve.values {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				c.low, c.high = min(c.low, v), max(c.high, v)
			}
		}
	}
	if c.low > c.high { // no value is finite
		c.low, c.high = 0, 1
	}
	if c.high-c.low < 1e-6*max(1, math.Abs(c.high)) {
		half := max(math.Abs(c.high)/100, 1e-3)
		c.low, c.high = c.low-half, c.high+half
	}
}

// ticks are round values on the y axis, about one every three rows and at least two, and
// their labels.
func (c *chart) ticks(rows int) (values []float64, labels []string) {
	for least := (c.high - c.low) / max(1, float64(rows)/3); len(values) < 2; least /= 2 {
		step, digits := roundStep(least)
		values, labels = nil, nil
		for i := math.Ceil(c.low/step - 1e-9); i*step <= c.high+1e-9*step; i++ {
			v := i*step + 0 // no negative zero
			values, labels = append(values, v), append(labels, tickLabel(v, digits))
		}
	}
	return values, labels
}

// tickLabel is a value with so many decimals, or with a power of ten where that is shorter
// by far.
func tickLabel(v float64, digits int) string {
	text := strconv.FormatFloat(v, 'f', digits, 64)
	if len(text) > 9 {
		text = strconv.FormatFloat(v, 'g', 4, 64)
	}
	return text
}

// axis labels the x axis: with the powers of ten, or with round numbers and the first
// and the last.
func (c *chart) axis(columns int) string {
	line := []rune(strings.Repeat(" ", columns))
	put := func(label string, centre int) {
		at := max(0, min(centre-len(label)/2, columns-len(label)))
		for _, r := range line[max(0, at-2):min(columns, at+len(label)+2)] {
			if r != ' ' {
				return
			}
		}
		copy(line[at:], []rune(label))
	}
	first, last := c.xs[0], c.xs[len(c.xs)-1]
	if c.log {
		for e := math.Ceil(math.Log10(first) - 1e-9); e <= math.Log10(last)+1e-9; e++ {
			put(strconv.FormatFloat(math.Pow(10, e), 'g', -1, 64), c.x(math.Pow(10, e), columns))
		}
		return strings.TrimRight(string(line), " ")
	}
	end := strconv.FormatFloat(last, 'g', -1, 64)
	if len(end)+len(c.unit)+1 < columns/2 {
		end = c.unit + " " + end
	}
	put(end, columns)
	put(strconv.FormatFloat(first, 'g', -1, 64), 0)
	step, _ := roundStep((last - first) / max(1, float64(columns)/12))
	for v := math.Ceil(first/step) * step; v < last; v += max(step, 1) {
		if v == math.Round(v) {
			put(strconv.FormatFloat(v, 'g', -1, 64), c.x(v, columns))
		}
	}
	return strings.TrimRight(string(line), " ")
}

// roundStep is the least of 1, 2 and 5 times a power of ten that is at least the given
// step, and how many decimals its multiples have.
func roundStep(least float64) (step float64, digits int) {
	power := math.Floor(math.Log10(least))
	for _, m := range []float64{1, 2, 5, 10} {
		if step = m * math.Pow(10, power); step >= least*(1-1e-9) {
			break
		}
	}
	return step, max(0, int(-math.Floor(math.Log10(step)+1e-9)))
}

// paint is text in that colour.
func (c colour) paint(text string) string {
	if c == 0 {
		return text
	}
	return c.sequence() + text + colour(0).sequence()
}

func (c colour) sequence() string {
	if c == 0 {
		return "\x1b[0m"
	}
	return "\x1b[38;5;" + strconv.Itoa(int(c)) + "m"
}
