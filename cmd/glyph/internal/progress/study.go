package progress

import (
	"fmt"
	"io"
	"time"

	"glyph/cmd/glyph/internal/terminal"
	"glyph/study"
)

// Study shows the progress of a study: a bar on a terminal, elsewhere a line per trial.
type Study struct {
	out io.Writer
	tty *terminal.Terminal // for the bar, or nil
	bar *terminal.Bar

	Done, Of int // trials, as last reported

	// Name is a trial in a line; nil for Trial.String.
	Name func(study.Trial) string
}

func NewStudy(out, errOut io.Writer) *Study {
	return &Study{out: out, tty: terminal.Of(errOut)}
}

// Progress reports how far the study is: study.Options.Progress.
func (m *Study) Progress(p study.Progress) {
	m.Done, m.Of = p.Done, p.Of
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
func (m *Study) line(r *study.Result) string {
	name := r.Trial.String()
	if m.Name != nil {
		name = m.Name(r.Trial)
	}
	if r.Diverged != "" {
		return fmt.Sprintf("%s: diverged, %.1fs", name, r.Seconds)
	}
	return fmt.Sprintf("%s: %.2f %%, %.1fs", name, 100*r.Accuracy, r.Seconds)
}

// Clear removes the bar.
func (m *Study) Clear() {
	if m.bar != nil {
		m.bar.Clear()
	}
}
