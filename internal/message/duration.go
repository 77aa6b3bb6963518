package message

import "time"

// Duration rounds a duration for display: to seconds if it is longer than ten, and
// else to tenths of a second.
func Duration(d time.Duration) time.Duration {
	if d > 10*time.Second {
		return d.Round(time.Second)
	}
	return d.Round(100 * time.Millisecond)
}
