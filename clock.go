package glyph

// A clock is what changes from step to step, kept on the device: an Ints of
// ClockLen words. Operations that depend on time read it there and Advance
// moves it on, so that a step is the same list of operations every time and
// can be recorded once and replayed.
const (
	ClockStep = iota // updates made: 0 in the first step
	ClockRow         // where in the batch order the batch begins
	ClockLen
)

// Columns of the log that Advance writes.
const (
	LogLoss = iota // mean loss of the batch, with the penalty
	LogHits        // correct predictions in the batch
	LogLen
)

// CheckAdvance panics unless the operands of Advance fit together. log, hits
// and penalty may each be zero.
//
//	clock (ClockLen)   log (Rows, LogLen)   loss (N)   hits (N)   penalty (1)
func CheckAdvance(clock Ints, log, loss, hits, penalty Tensor) {
	const op = "Advance"
	checkClock(op, clock)
	rank(op, "loss", loss, 1)
	if !log.IsZero() {
		rank(op, "log", log, 2)
		want(op, "log", log, Shape{log.Shape[0], LogLen})
	}
	optional(op, "hits", hits, loss.Shape)
	optional(op, "penalty", penalty, Shape{1})
	apart(op, []operand{{"log", log}}, operand{"loss", loss}, operand{"hits", hits}, operand{"penalty", penalty})
}

func checkClock(op string, clock Ints) {
	if clock == nil || clock.Len() != ClockLen {
		misuse(op, "clock", "does not have the %d words of a clock", ClockLen)
	}
}
