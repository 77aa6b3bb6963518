package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"glyph/internal/message"

	"github.com/guptarohit/asciigraph"
)

// screen draws a training on a terminal, again and again in the same place:
// curves by epoch, a bar for the epoch, speed and time left.
type screen struct {
	out    io.Writer
	size   func() (width, height int)
	title  string
	keys   string // what keys do, or ""
	epochs []point
	now    status
	drawn  int // lines on the terminal
	last   time.Time
}

// point is an epoch of the curves.
type point struct {
	loss, accuracy                     float64
	validationLoss, validationAccuracy *float64
}

// status is where an epoch in progress stands.
type status struct {
	epoch, epochs  int
	part           float64 // of the epoch
	loss, accuracy float64
	speed          float64
	left           time.Duration
	note           string
}

// redraw is how often a terminal is drawn at most.
const redraw = 100 * time.Millisecond

// draw replaces what is on the terminal, unless that is fresh.
func (s *screen) draw(force bool) {
	if !force && time.Since(s.last) < redraw {
		return
	}
	s.last = time.Now()
	var b bytes.Buffer
	b.WriteByte('\r') // what was printed before in raw mode may have left the cursor anywhere
	s.erase(&b)
	lines := s.lines()
	for _, line := range lines {
		b.WriteString(line)
		b.WriteString("\r\n") // in raw mode a newline does not return
	}
	s.drawn = len(lines)
	s.out.Write(b.Bytes()) //nolint:errcheck // a terminal that is gone stops nothing
}

// erase takes the drawing off the terminal.
func (s *screen) erase(b *bytes.Buffer) {
	if s.drawn > 0 {
		fmt.Fprintf(b, "\x1b[%dA\x1b[J", s.drawn)
	}
}

// lines is the drawing, no wider and no higher than the terminal.
func (s *screen) lines() []string {
	width, height := s.size()
	n := s.now
	list := []string{s.title}
	room := height - 6
	if len(s.epochs) > 1 && room >= 6 && width >= 50 {
		list = append(list, side(s.chart("accuracy", width/2-2, min(room, 10), true), s.chart("loss", width/2-2, min(room, 10), false), width/2)...)
	}
	const bar = 24
	full := int(n.part * bar)
	left := ""
	if n.left > 0 || n.part == 1 { // else it is not known
		left = fmt.Sprintf("  %s left", round(n.left))
	}
	list = append(list,
		fmt.Sprintf("epoch %d/%d  [%s%s] %3.0f %%  %s images/s%s", n.epoch, n.epochs, strings.Repeat("█", full), strings.Repeat("·", bar-full),
			100*n.part, message.Thousands(int(n.speed)), left),
		fmt.Sprintf("loss %.4f  accuracy %.2f %%%s", n.loss, 100*n.accuracy, s.held()))
	if n.note != "" {
		list = append(list, n.note)
	}
	if s.keys != "" {
		list = append(list, s.keys)
	}
	for i, line := range list {
		list[i] = crop(line, width-1)
	}
	return list
}

// held is the last validation set figures.
func (s *screen) held() string {
	if n := len(s.epochs); n > 0 && s.epochs[n-1].validationLoss != nil {
		e := s.epochs[n-1]
		return fmt.Sprintf("  validation loss %.4f  accuracy %.2f %%", *e.validationLoss, 100**e.validationAccuracy)
	}
	return ""
}

// chart plots a curve of the training images and one of the validation set by epoch.
func (s *screen) chart(what string, width, height int, accuracy bool) []string {
	var train, held []float64
	for _, e := range s.epochs {
		y, h := e.loss, e.validationLoss
		if accuracy {
			y, h = 100*e.accuracy, e.validationAccuracy
		}
		train = append(train, y)
		if h != nil {
			v := *h
			if accuracy {
				v *= 100
			}
			held = append(held, v)
		}
	}
	series, colours, legend := [][]float64{train}, []asciigraph.AnsiColor{asciigraph.Blue}, what+": training"
	if len(held) == len(train) {
		series, colours, legend = append(series, held), append(colours, asciigraph.Orange), legend+" (blue), validation set (orange)"
	}
	precision := uint(2)
	if accuracy {
		precision = 0
	}
	graph := asciigraph.PlotMany(series, asciigraph.Width(max(width-9, 10)), asciigraph.Height(height-2),
		asciigraph.Precision(precision), asciigraph.SeriesColors(colours...))
	return append([]string{legend}, strings.Split(graph, "\n")...)
}

// side puts two blocks beside each other, the second from column at on.
func side(a, b []string, at int) (list []string) {
	for i := range max(len(a), len(b)) {
		line := ""
		if i < len(a) {
			line = a[i]
		}
		if i < len(b) {
			line = crop(line, at-1)
			line += strings.Repeat(" ", at-visible(line)) + b[i]
		}
		list = append(list, line)
	}
	return list
}

// visible is the columns a line takes, without escape sequences. What is drawn
// has characters of one column alone.
func visible(line string) (n int) {
	escape := false
	for _, r := range line {
		switch {
		case r == '\x1b':
			escape = true
		case escape:
			escape = r != 'm'
		default:
			n++
		}
	}
	return n
}

// crop cuts a line to so many columns and ends its colours.
func crop(line string, width int) string {
	if visible(line) <= width {
		return line
	}
	var b strings.Builder
	n, escape := 0, false
	for _, r := range line {
		if r == '\x1b' {
			escape = true
		}
		if !escape {
			if n == width {
				break
			}
			n++
		}
		if escape && r == 'm' {
			escape = false
		}
		b.WriteRune(r)
	}
	return b.String() + "\x1b[0m"
}
