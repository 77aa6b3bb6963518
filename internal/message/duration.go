package message

import "time"

// Duration drops from a duration what nobody reads: all below a second where it
// is longer than ten, and else below a tenth of one.
func Duration(d time.Duration) time.Duration {
	if d > 10*time.Second {
		return d.Round(time.Second)
	}
	return d.Round(100 * time.Millisecond)
}
