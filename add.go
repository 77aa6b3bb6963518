package glyph

// CheckAdd panics unless the operands of Add are of one shape and y is apart.
func CheckAdd(y, a, b Tensor, act Activation) {
	const op = "Add"
	inside(op, "a", a)
	want(op, "y", y, a.Shape)
	want(op, "b", b, a.Shape)
	act.check(op)
	apart(op, []operand{{"y", y}}, operand{"a", a}, operand{"b", b})
}

// CheckAddBackward panics unless the operands of AddBackward are of one shape and
// dx is apart.
func CheckAddBackward(dx, dy, y Tensor, act Activation) {
	const op = "AddBackward"
	inside(op, "y", y)
	want(op, "dx", dx, y.Shape)
	want(op, "dy", dy, y.Shape)
	act.check(op)
	apart(op, []operand{{"dx", dx}}, operand{"dy", dy}, operand{"y", y})
}
