package window

import (
	"math/rand/v2"
	"testing"
	"time"
)

// What is taken stays within the share at all times, but for the one time that is under
// way and a tenth of a second that was saved, whatever it takes.
func TestPace(t *testing.T) {
	p, r := pace{share: 0.03}, rand.New(rand.NewPCG(1, 2))
	start := time.Unix(0, 0)
	now, taken := start, time.Duration(0)
	p.earn(now)
	for range 10_000 {
		cost := time.Duration(r.ExpFloat64() * float64(time.Millisecond))
		if r.IntN(50) == 0 {
			cost *= 100
		}
		p.earn(now)
		if p.wait() > 0 {
			t.Fatalf("at %v it has to wait for %v, having waited", now.Sub(start), p.wait())
		}
		if most := p.times(now.Sub(start) + saved); taken > most+time.Microsecond {
			t.Fatalf("at %v it has taken %v, want %v at most", now.Sub(start), taken, most)
		}
		taken += cost
		now = now.Add(cost)
		p.earn(now)
		p.spend(cost)
		now = now.Add(max(interval, p.wait()+time.Nanosecond))
	}
	if share := taken.Seconds() / now.Sub(start).Seconds(); share < 0.025 {
		t.Errorf("it takes %.3f of the time, and could have 0.03", share)
	}
}

// simulated is what a minute of frames comes to on a clock of its own: each takes base and
// what its panels take, and comes between two steps.
func simulated(base, head, eachPanel, look, step time.Duration) (perSecond, share float64, drawn [panels]int) {
	const long = time.Minute
	turns, start := newTurns(), time.Unix(0, 0)
	now, took, frames := start, time.Duration(0), 0
	turns.earn(now)
	turns.due = now
	for now.Sub(start) < long {
		turns.earn(now)
		charged, did := time.Duration(0), false
		if turns.frames.credit >= 0 {
			if turns.mayLook() {
				turns.looked(look)
				charged = look
			}
			charged += turns.take(func(which int) (time.Duration, bool) {
				did = true
				if drawn[which]++; which == headPanel {
					return head, true
				}
				return eachPanel, true
			})
		}
		turns.ended(base, did)
		if did {
			frames++
		}
		took += base + charged
		now = now.Add(base + charged)
		pause := turns.pause(now, interval)
		now = now.Add((pause + step - 1) / step * step)
	}
	return float64(frames) / long.Seconds(), took.Seconds() / long.Seconds(), drawn
}

// As many frames come as the shares allow, 30 a second at most, however dear they are; a
// network through which an image takes long makes its panels rarer, and not the others.
func TestTurns(t *testing.T) {
	const ms = time.Millisecond
	for name, c := range map[string]struct {
		base, head, panel, look, step time.Duration
		frames                        float64 // at least
		panels, ofImage               int     // each is drawn in a minute, at least
	}{
		"a quick device":   {ms / 10, ms / 10, ms / 10, ms / 10, ms, 29.5, 400, 400},
		"llvmpipe":         {ms / 2, ms / 10, ms / 2, 3 * ms, 5 * ms, 29.5, 80, 80},
		"many weights":     {ms / 2, ms / 10, 2 * ms, 3 * ms, 7 * ms, 29, 30, 30},
		"a large network":  {ms / 2, ms / 10, ms / 3, 500 * ms, 7 * ms, 29, 100, 1},
		"dear panels":      {ms / 8, 5 * ms, 5 * ms, 3 * ms, 7 * ms, 4, 15, 15},
		"dear frames":      {3 * ms, ms / 10, 5 * ms, 3 * ms, 7 * ms, 4, 8, 8},
		"dear everything":  {10 * ms, 40 * ms, 40 * ms, 3000 * ms, 7 * ms, 0.4, 2, 0},
		"steps of a frame": {ms / 8, ms / 10, ms / 3, 3 * ms, 40 * ms, 24, 90, 90},
	} {
		frames, share, drawn := simulated(c.base, min(c.panel, c.head), c.panel, c.look, c.step)
		most := frameShare + lookShare + max(c.look, c.base+c.panel).Seconds()/60 + 0.001
		if frames < c.frames || frames > 30.1 || share > most {
			t.Errorf("%s: %.1f frames a second take %.4f of the time; want %v to 30, and %.4f at most", name, frames, share, c.frames, most)
		}
		for which, n := range drawn {
			if least := c.panels; ofImage(which) && n < c.ofImage || !ofImage(which) && n < least {
				t.Errorf("%s: panel %d is drawn %d times in a minute", name, which, n)
			}
		}
	}
}
