package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"glyph/study"
)

// studyMeter shows how a study goes: a bar on a terminal, a line a trial
// elsewhere.
type studyMeter struct {
	out io.Writer
	tty bool
	bar *progressbar.ProgressBar
}

func newStudyMeter(out, errOut io.Writer) *studyMeter {
	f, ok := errOut.(*os.File)
	return &studyMeter{out: out, tty: ok && term.IsTerminal(int(f.Fd()))}
}

func (m *studyMeter) progress(p study.Progress) {
	left := p.Left.Round(time.Second)
	if m.tty {
		if m.bar == nil {
			m.bar = newBar(p.Of)
		}
		text := fmt.Sprintf("%d of %d trials  %s left", p.Done, p.Of, left)
		if p.Result != nil {
			text += "  " + m.line(p.Result)
		}
		m.bar.Describe(text)
		m.bar.Set(p.Done) //nolint:errcheck // a bar that can't be drawn stops nothing
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
		m.bar.Clear() //nolint:errcheck // as above
	}
}
