package window

import "time"

const (
	interval = time.Second / 30 // between frames, at best
	mostOf   = 4                // percent of the time that frames may take
)

// pace is how often frames come, and what they cost.
type pace struct {
	began time.Time     // the last frame
	every time.Duration // between frames, smoothed
	took  time.Duration // by a frame, smoothed
}

// frame notes a frame that began at a time and took so long, and returns the pause that
// follows it.
func (p *pace) frame(began time.Time, took time.Duration) time.Duration {
	if since := began.Sub(p.began); !p.began.IsZero() && since < time.Second {
		p.every += (since - p.every) / 8
	}
	if p.began.IsZero() {
		p.every, p.took = interval, took
	}
	p.took += (took - p.took) / 8
	p.began = began
	return max(interval, took*100/mostOf) - took
}

// budget is what a frame may take if the next one is to come in time.
func (p *pace) budget() time.Duration { return interval * mostOf / 100 }

func (p *pace) rate() float64 { return 1 / max(p.every.Seconds(), 1e-3) }

func (p *pace) share() float64 { return p.took.Seconds() / max(p.every.Seconds(), 1e-3) }
