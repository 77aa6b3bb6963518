package glyph

// CheckCopy panics unless dst and src are of one shape and apart.
func CheckCopy(dst, src Tensor) {
	const op = "Copy"
	inside(op, "src", src)
	want(op, "dst", dst, src.Shape)
	apart(op, []operand{{"dst", dst}}, operand{"src", src})
}
