package glyph

// CheckAdd panics unless the operands of Add have the same shape and y overlaps
// neither of the others.
func CheckAdd(y, a, b Tensor, act Activation) {
	const op = "Add"
	inside(op, "a", a)
	want(op, "y", y, a.Shape)
	want(op, "b", b, a.Shape)
	act.check(op)
	apart(op, []operand{{"y", y}}, operand{"a", a}, operand{"b", b})
}

// CheckAddBackward panics unless the operands of AddBackward have the same shape and
// dx overlaps neither of the others.
func CheckAddBackward(dx, dy, y Tensor, act Activation) {
	const op = "AddBackward"
	inside(op, "y", y)
	want(op, "dx", dx, y.Shape)
	want(op, "dy", dy, y.Shape)
	act.check(op)
	apart(op, []operand{{"dx", dx}}, operand{"dy", dy}, operand{"y", y})
}
