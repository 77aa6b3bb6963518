package window

import (
	"fmt"
	"time"
)

// interval is between two frames, at best.
const interval = time.Second / 30

// pace keeps something to a share of the time. What was not taken is saved, for a tenth
// of a second at most; what was taken too much is made up for before any more.
type pace struct {
	share  float64
	credit time.Duration // that may be taken; negative if too much was
	at     time.Time     // of the credit
}

const saved = time.Second / 10

// earn brings the credit up to now.
func (p *pace) earn(now time.Time) {
	if !p.at.IsZero() {
		p.credit = min(p.credit+p.times(now.Sub(p.at)), p.times(saved))
	}
	p.at = now
}

func (p *pace) times(d time.Duration) time.Duration { return time.Duration(p.share * float64(d)) }

// spend notes what was taken.
func (p *pace) spend(took time.Duration) { p.credit -= took }

// wait is how long nothing may be taken.
func (p *pace) wait() time.Duration {
	if p.credit >= 0 {
		return 0
	}
	return time.Duration(float64(-p.credit) / p.share)
}

// meter says how many frames there were, and what they took, about once a second.
type meter struct {
	began  time.Time
	frames int
	took   time.Duration
	text   string
}

// frame counts a frame, if there was one, and what that or its absence took.
func (m *meter) frame(now time.Time, drawn bool, took time.Duration) {
	if m.began.IsZero() {
		m.began = now
	}
	if m.took += took; drawn {
		m.frames++
	}
	if since := now.Sub(m.began).Seconds(); since >= 1 {
		m.text = fmt.Sprintf("%.0f frames/s, %.1f %% of the time", float64(m.frames)/since, 100*m.took.Seconds()/since)
		m.began, m.frames, m.took = now, 0, 0
	}
}

func (m *meter) String() string { return m.text }
