package glyph

// CheckDense panics unless the operands of Dense fit together.
//
//	x (N, In)   w (Out, In)   b (Out) or zero   y (N, Out)
func CheckDense(y, x, w, b Tensor, act Activation) {
	const op = "Dense"
	rank(op, "x", x, 2)
	rank(op, "w", w, 2)
	n, in, out := x.Shape[0], x.Shape[1], w.Shape[0]
	want(op, "w", w, Shape{out, in})
	optional(op, "b", b, Shape{out})
	want(op, "y", y, Shape{n, out})
	act.check(op)
	apart(op, []operand{{"y", y}}, operand{"x", x}, operand{"w", w}, operand{"b", b})
}

// CheckDenseBackward panics unless the operands of DenseBackward fit together.
// dx, dw and db may each be zero.
func CheckDenseBackward(dx, dw, db, dy, y, x, w Tensor, act Activation) {
	const op = "DenseBackward"
	rank(op, "x", x, 2)
	rank(op, "w", w, 2)
	n, in, out := x.Shape[0], x.Shape[1], w.Shape[0]
	want(op, "w", w, Shape{out, in})
	want(op, "y", y, Shape{n, out})
	want(op, "dy", dy, Shape{n, out})
	optional(op, "dx", dx, x.Shape)
	optional(op, "dw", dw, w.Shape)
	optional(op, "db", db, Shape{out})
	act.check(op)
	apart(op, []operand{{"dx", dx}, {"dw", dw}, {"db", db}},
		operand{"dy", dy}, operand{"y", y}, operand{"x", x}, operand{"w", w})
}
