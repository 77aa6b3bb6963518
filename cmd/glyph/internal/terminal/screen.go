package terminal

import (
	"bytes"
	"fmt"
	"io"
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
	drawn  int // lines on the terminal
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
	if s.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dA\x1b[J", s.drawn)
	}
	lines := s.lines(v)
	for _, line := range lines {
		b.WriteString(line)
		b.WriteString("\r\n") // in raw mode a newline does not return
	}
	s.drawn = len(lines)
	s.out.Write(b.Bytes()) //nolint:errcheck // a terminal that is gone stops nothing
}

// lines is the drawing, no wider and no higher than the terminal.
func (s *Screen) lines(v View) []string {
	width, height := s.size()
	list := []string{message.Escape(v.Title)}
	room := min(height-6, 10)
	if len(v.Points) > 1 && room >= 6 && width >= 50 {
		a, b := s.chart("accuracy", percentages(v.Points), width/2-2, room, 0), s.chart("loss", losses(v.Points), width/2-2, room, 2)
		list = append(list, sideBySide(a, b, width/2)...)
	}
	list = append(list, progress(v), figures(v))
	for _, text := range []string{v.Note, v.Keys} {
		if text != "" {
			list = append(list, message.Escape(text))
		}
	}
	for i, line := range list {
		list[i] = crop(line, width-1)
	}
	return list
}

// progress is the line of the round in progress.
func progress(v View) string {
	const bar = 24
	full := int(max(0, min(v.Part, 1)) * bar)
	line := fmt.Sprintf("epoch %d/%d  [%s%s] %3.0f %%  %s images/s", v.Round, v.Rounds, strings.Repeat("█", full), strings.Repeat("·", bar-full),
		100*v.Part, message.Thousands(int(v.Speed)))
	if v.Left > 0 || v.Part == 1 { // else it is not known
		line += fmt.Sprintf("  %s left", message.Duration(v.Left))
	}
	return line
}

// figures is the line with the current figures and the latest validation figures.
func figures(v View) string {
	line := fmt.Sprintf("loss %.4f  accuracy %.2f %%", v.Loss, 100*v.Accuracy)
	if n := len(v.Points); n > 0 && v.Points[n-1].ValidationLoss != nil && v.Points[n-1].ValidationAccuracy != nil {
		line += fmt.Sprintf("  validation loss %.4f  accuracy %.2f %%", *v.Points[n-1].ValidationLoss, 100**v.Points[n-1].ValidationAccuracy)
	}
	return line
}
