package glyph

// AverageDecay is the factor that MovingAverage keeps of the average in a step:
// min(decay, (1 + step)/(10 + step)), so that the first steps, whose weights are
// still random, are soon forgotten.
func AverageDecay(decay float64, step int32) float64 {
	return min(decay, (1+float64(step))/(10+float64(step)))
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
