package glyph

// CheckL2 panics unless the operands of L2 fit together.
//
//	penalty (1)   w (n)
func CheckL2(penalty, w Tensor, lambda float32) {
	const op = "L2"
	rank(op, "w", w, 1)
	want(op, "penalty", penalty, Shape{1})
	finite(op, "lambda", lambda)
	apart(op, []operand{{"penalty", penalty}}, operand{"w", w})
}
