package glyph

// AverageShare is 1 - d, the share of w that MovingAverage takes in a step, for
// d = min(decay, (1 + step)/(10 + step)). The smaller decay at the beginning makes the
// average forget the first, still random weights quickly.
func AverageShare(decay float32, step int32) float64 {
	return max(1-float64(decay), 9/(10+float64(step)))
}

// CheckMovingAverage panics unless the operands of MovingAverage fit together.
//
//	average, w (n)   0 <= decay < 1
func CheckMovingAverage(average, w Tensor, decay float32, clock Ints) {
	const op = "MovingAverage"
	rank(op, "w", w, 1)
	want(op, "average", average, w.Shape)
	fraction(op, "decay", decay)
	checkClock(op, clock)
	apart(op, []operand{{"average", average}}, operand{"w", w})
}
