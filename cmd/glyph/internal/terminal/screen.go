package terminal

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"glyph/internal/message"
)

// View is what a screen shows of work in rounds.
type View struct {
	Title  string
	Keys   string // what keys do, or ""
	Note   string // a line about what the user asked for, or ""
	Points []Point

	Round, Rounds  int
	Part           float64 // of this round, from 0 to 1
	Loss, Accuracy float64
	Speed          float64       // images per second
	Left           time.Duration // 0 if it is not known
}

// Point is a finished round, a point of the curves.
type Point struct {
	Loss, Accuracy                     float64
	ValidationLoss, ValidationAccuracy *float64
}

// redraw is how often a terminal is drawn at most.
const redraw = 100 * time.Millisecond

// Screen draws views on a terminal, each replacing the previous one: curves,
// a bar for the round in progress, speed and time left.
type Screen struct {
	out    io.Writer
	size   func() (width, height int)
	colour bool
	now    func() time.Time
	drawn  []int // the columns of each line on the terminal
	last   time.Time
}

// Screen returns a screen on the terminal, which starts at the cursor's line.
func (t *Terminal) Screen() *Screen {
	return &Screen{out: t.file, size: t.Size, colour: t.Colour(), now: time.Now}
}

// Update draws the view unless another was drawn a moment ago.
func (s *Screen) Update(v View) {
	if s.now().Sub(s.last) >= redraw {
		s.Draw(v)
	}
}

// Draw replaces what is on the terminal with the view.
func (s *Screen) Draw(v View) {
	s.last = s.now()
	var b bytes.Buffer
	b.WriteByte('\r') // what was printed before in raw mode may have left the cursor anywhere
	if rows := s.rows(); rows > 0 {
		fmt.Fprintf(&b, "\x1b[%dA\x1b[J", rows)
	}
	s.drawn = s.drawn[:0]
	for _, line := range s.lines(v) {
		b.WriteString(line)
		b.WriteString("\r\n") // in raw mode a newline does not return
		s.drawn = append(s.drawn, Columns(line))
	}
	s.out.Write(b.Bytes()) //nolint:errcheck // a terminal that is gone stops nothing
}

// rows is how many rows the drawing takes: a terminal that has become narrower since
// has wrapped its lines.
func (s *Screen) rows() (n int) {
	width, _ := s.size()
	for _, columns := range s.drawn {
		n += max(1, (columns+width-1)/width)
	}
	return n
}

// lines is the drawing, no wider and no higher than the terminal.
func (s *Screen) lines(v View) []string {
	width, height := s.size()
	var below []string
	below = append(append(below, progress(v, width-1)), figures(v)...)
	if v.Note != "" {
		below = append(below, message.Escape(v.Note))
	}
	if v.Keys != "" {
		below = append(below, flow(message.Escape(v.Keys), width-1)...)
	}
	list := append([]string{message.Escape(v.Title)}, s.charts(v.Points, width-1, height-len(below)-2)...)
	list = append(list, below...)
	for i, line := range list {
		list[i] = crop(line, width-1)
	}
	return list[:min(len(list), max(height-1, 5))]
}

// A chart is drawn from this size on.
const (
	leastWidth  = 30
	leastHeight = 6
)

// charts draws accuracy and loss in the room there is: beside each other, above each
// other, or the accuracy alone.
func (s *Screen) charts(points []Point, width, height int) []string {
	if len(points) < 2 || width < leastWidth || height < leastHeight {
		return nil
	}
	accuracy, loss := s.chart("accuracy %", points, accuracies, 100), s.chart("loss", points, losses, 1)
	switch {
	case width >= 2*leastWidth+2:
		half := width/2 - 1
		return sideBySide(accuracy.lines(half, height), loss.lines(half, height), half+2)
	case height >= 2*leastHeight:
		return append(accuracy.lines(width, height/2), loss.lines(width, height/2)...)
	}
	return accuracy.lines(width, height)
}

func losses(p Point) (float64, *float64)     { return p.Loss, p.ValidationLoss }
func accuracies(p Point) (float64, *float64) { return p.Accuracy, p.ValidationAccuracy }

// chart is the values of the points, and those of the validation set where there are
// any. Without colours their curve is dotted.
func (s *Screen) chart(heading string, points []Point, values func(Point) (float64, *float64), scale float64) *chart {
	train, val := curve{name: "train", ink: blue, gap: 1}, curve{name: "val", ink: orange, gap: 1}
	if !s.colour {
		train.ink, val.ink, val.gap = 0, 0, 3
	}
	c := &chart{heading: heading, unit: "epoch"}
	held := false
	for i, p := range points {
		v, w := values(p)
		other := math.NaN()
		if w != nil {
			other, held = scale**w, true
		}
		c.xs = append(c.xs, float64(i+1))
		train.values, val.values = append(train.values, scale*v), append(val.values, other)
	}
	c.curves = []curve{train}
	if held {
		c.curves = append(c.curves, val)
	}
	c.span()
	return c
}

// progress is the line of the round in progress; its bar takes the room there is.
func progress(v View, width int) string {
	const least = 4
	before, after := fmt.Sprintf("epoch %d/%d  [", v.Round, v.Rounds), fmt.Sprintf("] %3.0f %%", 100*v.Part)
	speed, left := fmt.Sprintf("  %s images/s", message.Thousands(int(v.Speed))), ""
	if v.Left > 0 || v.Part == 1 { // else it is not known
		left = fmt.Sprintf("  %s left", message.Duration(v.Left))
	}
	for _, more := range []string{speed + left, left} { // of the two, the speed has to wait for room
		if len(before)+least+len(after)+len(more) <= width {
			after += more
			break
		}
	}
	bar := max(least, min(width-len(before)-len(after), 40))
	full := int(max(0, min(v.Part, 1)) * float64(bar))
	return before + strings.Repeat("█", full) + strings.Repeat("·", bar-full) + after
}

// figures is the line with the current figures, and one with the latest of the
// validation set.
func figures(v View) []string {
	line := func(name string, loss, accuracy float64) string {
		return fmt.Sprintf("%-5s  loss %.4f  accuracy %.2f %%", name, loss, 100*accuracy)
	}
	list := []string{line("train", v.Loss, v.Accuracy)}
	if n := len(v.Points); n > 0 && v.Points[n-1].ValidationLoss != nil && v.Points[n-1].ValidationAccuracy != nil {
		list = append(list, line("val", *v.Points[n-1].ValidationLoss, *v.Points[n-1].ValidationAccuracy))
	}
	return list
}
