//go:build cgo

package window

import (
	"time"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// clock measures what frames take.
type clock struct {
	now      func() time.Time
	software bool // what draws is the processor
	queries  [2]uint32
	asked    int           // queries that are under way
	onDevice time.Duration // what an earlier frame took there
}

func newClock(software bool, now func() time.Time) (c clock) {
	c.software, c.now = software, now
	gl.GenQueries(2, &c.queries[0])
	return c
}

// stamp notes the device's time before (0) or after (1) a frame, and reads that of an
// earlier one once it can be had without waiting. Software needs no such clock.
func (c *clock) stamp(i int) {
	if c.software {
		return
	}
	if c.asked == 2 && i == 0 {
		var there int32
		var times [2]uint64
		if gl.GetQueryObjectiv(c.queries[1], gl.QUERY_RESULT_AVAILABLE, &there); there == gl.FALSE {
			return
		}
		for j := range times {
			gl.GetQueryObjectui64v(c.queries[j], gl.QUERY_RESULT, &times[j])
		}
		c.onDevice, c.asked = time.Duration(times[1]-times[0]), 0
	}
	if c.asked == i {
		gl.QueryCounter(c.queries[i], gl.TIMESTAMP)
		c.asked++
	}
}

// since is what has been taken since a time, on the processor or, as far as is known, on
// the device.
func (c *clock) since(began time.Time) time.Duration {
	if c.software {
		gl.Finish()
		return c.now().Sub(began)
	}
	return max(c.now().Sub(began), c.onDevice)
}
