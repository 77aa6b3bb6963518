package train

import "fmt"

// StopReason says why a training ended before its last epoch.
type StopReason string

// The reasons. A training without one ran to its end.
const (
	RanToEnd      StopReason = ""
	Interrupted   StopReason = "interrupted"    // the context was cancelled
	NoImprovement StopReason = "no improvement" // of the validation loss, for Options.Patience epochs
)

// Sentence says why a training with these options stopped; it is empty if it ran
// to its end.
func (s StopReason) Sentence(opt Options) string {
	if s == NoImprovement {
		return fmt.Sprintf("the validation loss did not fall for %d epochs", opt.Patience)
	}
	return string(s)
}
