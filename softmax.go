package glyph

// CheckSoftmaxCrossEntropy panics unless the operands of SoftmaxCrossEntropy
// fit together. loss, hits and dlogits may each be zero.
//
//	logits (N, Classes)   t (N, Classes)   loss (N)   hits (N)   dlogits (N, Classes)
func CheckSoftmaxCrossEntropy(loss, hits, dlogits, logits, t Tensor) {
	const op = "SoftmaxCrossEntropy"
	rank(op, "logits", logits, 2)
	n := logits.Shape[0]
	want(op, "t", t, logits.Shape)
	optional(op, "loss", loss, Shape{n})
	optional(op, "hits", hits, Shape{n})
	optional(op, "dlogits", dlogits, logits.Shape)
	apart(op, []operand{{"loss", loss}, {"hits", hits}, {"dlogits", dlogits}},
		operand{"logits", logits}, operand{"t", t})
}
