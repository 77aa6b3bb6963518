package glyph

// CheckAvgPool2D panics unless the operands of AvgPool2D fit together.
//
//	x (N, H, W, C)   y (N, P, Q, C)
func CheckAvgPool2D(y, x Tensor, p Pool) {
	const op = "AvgPool2D"
	want(op, "y", y, poolShape(op, x, p))
	apart(op, []operand{{"y", y}}, operand{"x", x})
}

// CheckAvgPool2DBackward panics unless the operands of AvgPool2DBackward fit
// together.
//
//	dx (N, H, W, C)   dy (N, P, Q, C)
func CheckAvgPool2DBackward(dx, dy Tensor, p Pool) {
	const op = "AvgPool2DBackward"
	rank(op, "dx", dx, 4)
	out, err := p.Shape(dx.Shape)
	if err != nil {
		misuse(op, "dx", "is %v: %v", dx.Shape, err)
	}
	want(op, "dy", dy, out)
	apart(op, []operand{{"dx", dx}}, operand{"dy", dy})
}
