package message

import "time"

// Duration rounds a duration for display: to seconds if it is longer than ten, and
// else to tenths of a second, or below a second to three digits.
func Duration(d time.Duration) time.Duration {
	if d > 10*time.Second {
		return d.Round(time.Second)
	}
	if d < time.Second {
		return Brief(d)
	}
	return d.Round(100 * time.Millisecond)
}

// Brief rounds a duration to three digits, for times that are compared.
func Brief(d time.Duration) time.Duration {
	for unit := 10 * time.Nanosecond; ; unit *= 10 {
		if d < 1000*unit {
			return d.Round(unit)
		}
	}
}
