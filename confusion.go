package glyph

// CheckConfusion panics unless the operands of Confusion fit together.
//
//	counts (Classes·Classes), [label·Classes + prediction]   logits (N, Classes)   t (N, Classes)
func CheckConfusion(counts Ints, logits, t Tensor) {
	const op = "Confusion"
	rank(op, "logits", logits, 2)
	want(op, "t", t, logits.Shape)
	if c := logits.Shape[1]; counts == nil || counts.Len() != c*c {
		misuse(op, "counts", "does not have the %d words of %d classes", c*c, c)
	}
}
