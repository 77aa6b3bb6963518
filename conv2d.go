package glyph

import "fmt"

// Conv is the geometry of a convolution, the same along height and width. Its
// zero value is not valid: a stride is at least 1.
type Conv struct {
	Stride int
	Pad    int // rows and columns of zeros around the image
}

// Output is the output extent of a kernel of extent r over h input elements:
//
//	P = (H + 2·Pad - R)/Stride + 1, rounded down
//
// It is less than 1 where the kernel does not fit.
func (c Conv) Output(h, r int) int {
	if h+2*c.Pad < r {
		return 0
	}
	return (h+2*c.Pad-r)/c.Stride + 1
}

// Shape is the output (N, P, Q, K) of an image (N, H, W, C) under weights
// (K, R, S, C), or an error a user can read.
func (c Conv) Shape(x, w Shape) (Shape, error) {
	if c.Stride < 1 || c.Pad < 0 {
		return Shape{}, fmt.Errorf("stride %d and pad %d: want a stride of at least 1 and a pad of at least 0", c.Stride, c.Pad)
	}
	if c.Pad >= w[1] || c.Pad >= w[2] {
		return Shape{}, fmt.Errorf("pad %d is not smaller than the %d×%d kernel: whole windows would lie outside the image", c.Pad, w[1], w[2])
	}
	y := Shape{x[0], c.Output(x[1], w[1]), c.Output(x[2], w[2]), w[0]}
	if y[1] < 1 || y[2] < 1 {
		return Shape{}, fmt.Errorf("a %d×%d kernel does not fit a %d×%d image with pad %d", w[1], w[2], x[1], x[2], c.Pad)
	}
	return y, nil
}

// CheckConv2D panics unless the operands of Conv2D fit together.
//
//	x (N, H, W, C)   w (K, R, S, C)   b (K) or zero   y (N, P, Q, K)
func CheckConv2D(y, x, w, b Tensor, c Conv, act Activation) {
	const op = "Conv2D"
	want(op, "y", y, convShape(op, x, w, c))
	optional(op, "b", b, Shape{w.Shape[0]})
	act.check(op)
	apart(op, []operand{{"y", y}}, operand{"x", x}, operand{"w", w}, operand{"b", b})
}

// CheckConv2DBackward panics unless the operands of Conv2DBackward fit
// together. dx, dw and db may each be zero.
func CheckConv2DBackward(dx, dw, db, dy, y, x, w Tensor, c Conv, act Activation) {
	const op = "Conv2DBackward"
	out := convShape(op, x, w, c)
	want(op, "y", y, out)
	want(op, "dy", dy, out)
	optional(op, "dx", dx, x.Shape)
	optional(op, "dw", dw, w.Shape)
	optional(op, "db", db, Shape{w.Shape[0]})
	act.check(op)
	apart(op, []operand{{"dx", dx}, {"dw", dw}, {"db", db}},
		operand{"dy", dy}, operand{"y", y}, operand{"x", x}, operand{"w", w})
}

func convShape(op string, x, w Tensor, c Conv) Shape {
	rank(op, "x", x, 4)
	rank(op, "w", w, 4)
	want(op, "w", w, Shape{w.Shape[0], w.Shape[1], w.Shape[2], x.Shape[3]})
	out, err := c.Shape(x.Shape, w.Shape)
	if err != nil {
		misuse(op, "w", "does not fit x %v: %v", x.Shape, err)
	}
	return out
}
