package terminal

import "strings"

// canvas is dots on a terminal: a character is two dots wide and four high, one of
// Unicode's Braille patterns. A character has one colour, that of the last dot.
type canvas struct {
	width, height int // in characters
	dots          []rune
	colours       []colour
}

// colour is the number of a colour in the terminal's 256, or 0 for its own.
type colour int

// Blue and orange differ for every kind of colour vision.
const (
	blue   colour = 33
	orange colour = 208
)

func newCanvas(width, height int) *canvas {
	return &canvas{width, height, make([]rune, width*height), make([]colour, width*height)}
}

// braille is the bit of each dot in a character, by row and column.
var braille = [4][2]rune{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}

// set sets a dot; x counts from the left and y from the top. What lies outside is
// left out.
func (c *canvas) set(x, y int, ink colour) {
	if x < 0 || y < 0 || x >= 2*c.width || y >= 4*c.height {
		return
	}
	at := y/4*c.width + x/2
	c.dots[at] |= braille[y%4][x%2]
	c.colours[at] = ink
}

// line draws from one dot to another, every gap-th dot of it.
func (c *canvas) line(x0, y0, x1, y1 int, ink colour, gap int) {
	n := max(abs(x1-x0), abs(y1-y0), 1)
	for i := 0; i <= n; i++ {
		x, y := x0+(2*(x1-x0)*i+n)/(2*n), y0+round(y1-y0, i, n)
		if (x+y)%gap == 0 {
			c.set(x, y, ink)
		}
	}
}

// round is d·i/n to the nearest integer.
func round(d, i, n int) int {
	if d < 0 {
		return -round(-d, i, n)
	}
	return (2*d*i + n) / (2 * n)
}

func abs(n int) int { return max(n, -n) }

// row is a row of characters, with colours where it has any.
func (c *canvas) row(y int) string {
	var b strings.Builder
	var now colour
	for i, dots := range c.dots[y*c.width : (y+1)*c.width] {
		ink := c.colours[y*c.width+i]
		if dots == 0 {
			ink = 0
		}
		if ink != now {
			b.WriteString(ink.sequence())
			now = ink
		}
		if dots == 0 {
			b.WriteByte(' ')
		} else {
			b.WriteRune(0x2800 + dots)
		}
	}
	if now != 0 {
		b.WriteString(colour(0).sequence())
	}
	return b.String()
}
