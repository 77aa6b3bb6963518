package main

import (
	"fmt"
	"io"
	"time"

	"glyph/cmd/glyph/internal/terminal"
	"glyph/study"
)

// studyMeter shows how a study goes: a bar on a terminal, a line a trial
// elsewhere.
type studyMeter struct {
	out io.Writer
	tty *terminal.Terminal // for the bar, or nil
	bar *terminal.Bar

	done, of int // as told last
}

func newStudyMeter(out, errOut io.Writer) *studyMeter {
	return &studyMeter{out: out, tty: terminal.Of(errOut)}
}

func (m *studyMeter) progress(p study.Progress) {
	m.done, m.of = p.Done, p.Of
	left := p.Left.Round(time.Second)
	if m.tty != nil {
		if m.bar == nil {
			m.bar = m.tty.Bar(p.Of)
		}
		text := fmt.Sprintf("%d of %d trials  %s left", p.Done, p.Of, left)
		if p.Result != nil {
			text += "  " + m.line(p.Result)
		}
		m.bar.Set(int64(p.Done), text)
		return
	}
	if p.Result == nil {
		if p.Done > 0 {
			fmt.Fprintf(m.out, "%*d/%d  %7s left\n", len(fmt.Sprint(p.Of)), p.Done, p.Of, left)
		}
		return
	}
	fmt.Fprintf(m.out, "%*d/%d  %7s left  %s\n", len(fmt.Sprint(p.Of)), p.Done, p.Of, left, m.line(p.Result))
}

// line is a finished trial.
func (m *studyMeter) line(r *study.Result) string {
	if r.Diverged != "" {
		return fmt.Sprintf("%v: diverged, %.1fs", r.Trial, r.Seconds)
	}
	return fmt.Sprintf("%v: %.2f %%, %.1fs", r.Trial, 100*r.Accuracy, r.Seconds)
}

func (m *studyMeter) clear() {
	if m.bar != nil {
		m.bar.Clear()
	}
}
