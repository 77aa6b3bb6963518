package window

import (
	"slices"
	"time"
)

// The shares of the time that the window takes: frames have the panels that show the
// training, and looks the way of the chosen image through the network, with its panels.
const (
	frameShare = 0.033
	lookShare  = 0.007

	mostOfFrame = interval / 25 // what panels may take of one if there are several
	patience    = 8             // frames that a panel waits for credit
)

// turns are whose turn it is where a frame draws only some panels.
type turns struct {
	frames, looks pace
	next          int                   // the panel that is the oldest
	waited        int                   // frames that it has waited for credit
	urgent        []int                 // panels that come first
	stale         [panels]bool          // panels of the image that show something else
	another       bool                  // an image was chosen that has not gone through the network
	cost          [panels]time.Duration // of each panel, the last time
	lookCost      time.Duration
	rest          time.Duration // what the last frame took besides its panels
	due           time.Time     // the next frame
}

func newTurns() turns {
	return turns{frames: pace{share: frameShare}, looks: pace{share: lookShare}}
}

// earn brings the credits up to now.
func (t *turns) earn(now time.Time) {
	t.frames.earn(now)
	t.looks.earn(now)
}

// ofImage reports whether a panel shows what came of the chosen image.
func ofImage(which int) bool {
	return which == imagePanel || which == layersPanel || which == outputPanel || which == gradientPanel
}

// mayLook reports whether the image's turn has come: all its panels show the last time, and
// that is made up for. Another image need not wait as long.
func (t *turns) mayLook() bool {
	if t.another {
		return t.looks.credit >= -t.lookCost
	}
	return t.looks.credit >= 0 && !slices.Contains(t.stale[:], true)
}

// looked notes that the image went through the network.
func (t *turns) looked(took time.Duration) {
	t.looks.spend(took)
	t.lookCost, t.another = took, false
	for i := range t.stale {
		t.stale[i] = ofImage(i)
	}
}

// take has the panels drawn whose turn it is: one at least, and more if there is credit, as
// long as that holds up the training only briefly. While there is not yet enough for a dear
// one, the head is drawn, whose numbers change with each step. draw says what a panel took,
// and whether there was anything to draw. What was taken is returned.
func (t *turns) take(draw func(which int) (took time.Duration, drawn bool)) (took time.Duration) {
	drawn := false
	one := func(which int) {
		cost, there := draw(which)
		took += cost
		drawn = drawn || there
		t.stale[which], t.cost[which] = false, cost
		if ofImage(which) {
			t.looks.spend(cost)
		} else {
			t.frames.spend(cost)
		}
	}
	for range panels + len(t.urgent) {
		which := t.next
		if len(t.urgent) > 0 {
			which = t.urgent[0]
		}
		short := !ofImage(which) && t.frames.credit < t.cost[which]+t.rest
		if drawn && (short || took+t.cost[which] > mostOfFrame) {
			break
		}
		if short && 2*t.cost[headPanel] < t.cost[which] && t.waited < patience {
			t.waited++
			one(headPanel)
			break
		}
		t.waited = 0
		if len(t.urgent) > 0 {
			t.urgent = t.urgent[1:]
		} else {
			t.next = (t.next + 1) % panels
		}
		if !ofImage(which) || t.stale[which] && !t.another {
			one(which)
		}
	}
	return took
}

// after is what a frame on software costs beyond what it takes: the step that follows finds
// less of its data in the caches. 0.2 to 0.7 ms were measured, the more the busier the machine.
const after = 500 * time.Microsecond

// ended notes what a frame took besides its panels, or what it took to find that there is
// none.
func (t *turns) ended(rest time.Duration, drawn bool) {
	if t.frames.spend(rest); drawn {
		t.rest = rest
	}
}

// pause is that from now to the next frame.
func (t *turns) pause(now time.Time, every time.Duration) time.Duration {
	// Frames come between steps, so late. The next one is due as if this had been in time.
	if t.due = t.due.Add(every); t.due.Before(now.Add(-every)) {
		t.due = now
	}
	return max(t.due.Sub(now), t.frames.wait(), 0)
}
