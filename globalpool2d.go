package glyph

import "fmt"

// PoolKind is what pooling computes from a window.
type PoolKind uint8

// The kinds of pooling.
const (
	Average PoolKind = iota // the mean
	Maximum                 // the maximum
	poolKinds
)

// String is "average" or "maximum".
func (k PoolKind) String() string {
	switch k {
	case Average:
		return "average"
	case Maximum:
		return "maximum"
	}
	return fmt.Sprintf("pooling(%d)", k)
}

// CheckGlobalPool2D panics unless the operands of GlobalPool2D fit together.
//
//	y (N, C)   x (N, H, W, C)
func CheckGlobalPool2D(y, x Tensor, k PoolKind) {
	const op = "GlobalPool2D"
	checkGlobalPool(op, y, x, k)
	apart(op, []operand{{"y", y}}, operand{"x", x})
}

// CheckGlobalPool2DBackward panics unless the operands of GlobalPool2DBackward fit
// together.
//
//	dx, x (N, H, W, C)   dy, y (N, C)
func CheckGlobalPool2DBackward(dx, dy, y, x Tensor, k PoolKind) {
	const op = "GlobalPool2DBackward"
	checkGlobalPool(op, y, x, k)
	want(op, "dy", dy, y.Shape)
	want(op, "dx", dx, x.Shape)
	apart(op, []operand{{"dx", dx}}, operand{"dy", dy}, operand{"y", y}, operand{"x", x})
}

func checkGlobalPool(op string, y, x Tensor, k PoolKind) {
	rank(op, "x", x, 4)
	want(op, "y", y, Shape{x.Shape[0], x.Shape[3]})
	if k >= poolKinds {
		misuse(op, "k", "is unknown: %v", k)
	}
}
